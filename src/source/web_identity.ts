/**
 * Web identity: a role that is assumed with a token from a file.
 *
 * @module
 */

import { quoteValue } from "../config/file/quote.ts";
import { failProfile, settingAt } from "../config/plan/problem.ts";
import { settingNames } from "../config/profile.ts";
import { createStep, type Source } from "./source.ts";

const source = "web-identity";

/** The record. */
export const webIdentity: Source = {
  source,
  isNamedBy: ({ webIdentityTokenFile }) => webIdentityTokenFile !== undefined,
  ofProfile({ asked, profile }) {
    if (profile.webIdentityTokenFile === undefined) return undefined;
    const { roleArn } = settingNames;
    const where = settingAt(profile, "webIdentityTokenFile");
    return failProfile(asked, `${where} needs ${roleArn}, which is missing`, `add ${roleArn}`);
  },
  ofRole({ profile }) {
    const { webIdentityTokenFile: tokenFile, roleArn, roleSessionName } = profile;
    if (tokenFile === undefined) return undefined;
    return createStep({
      onlyNamed: true,
      source,
      profile,
      field: "webIdentityTokenFile",
      detail: quoteValue(tokenFile),
      settings: { tokenFile, roleArn, roleSessionName },
    });
  },
};
