/**
 * IAM Identity Center: a sign-in that gives the credentials of a permission set.
 *
 * @module
 */

import { quoteValue } from "../config/file/quote.ts";
import { createStep, type Source } from "./source.ts";

const source = "sso";

/** The record. */
export const sso: Source = {
  source,
  mayAsk: true,
  ofProfile({ profile, ssoSessions }) {
    const { ssoSession, ssoStartUrl, ssoAccountId: accountId, ssoRoleName: roleName } = profile;
    const name = ssoSession ?? ssoStartUrl;
    if (name === undefined) return undefined;
    const session = ssoSession === undefined ? undefined : ssoSessions.get(ssoSession);
    return createStep({
      onlyNamed: true,
      source,
      profile,
      field: ssoSession === undefined ? "ssoStartUrl" : "ssoSession",
      detail: quoteValue(name),
      settings: {
        session: ssoSession,
        startUrl: session?.startUrl ?? ssoStartUrl,
        region: session?.region ?? profile.ssoRegion,
        accountId,
        roleName,
      },
    });
  },
};
