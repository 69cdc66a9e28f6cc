/**
 * Web identity: a role that is assumed with a token from a file, as Kubernetes writes it.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html
 *
 * @module
 */

import { expandHome } from "../../config/home.ts";
import { quoteValue } from "../../config/file/quote.ts";
import { failProfile, settingAt } from "../../config/plan/problem.ts";
import { settingNames } from "../../config/profile.ts";
import { createStep, type Source } from "../source.ts";
import { stepOfEnvironment } from "./environment.ts";
import { roleOf, roleSettings, roleUrl, withPolicies } from "./role.ts";

const source = "web-identity";

/** The record. */
export const webIdentity: Source = {
  source,
  withPolicies,
  sharesOnDisk: true,
  isNamedBy: ({ webIdentityTokenFile }) => webIdentityTokenFile !== undefined,
  ofProfile({ asked, profile }) {
    if (profile.webIdentityTokenFile === undefined) return undefined;
    const { roleArn } = settingNames;
    const where = settingAt(profile, "webIdentityTokenFile");
    return failProfile(asked, `${where} needs ${roleArn}, which is missing`, `add ${roleArn}`);
  },
  ofRole(recognition) {
    const { profile } = recognition;
    const { webIdentityTokenFile: tokenFile } = profile;
    const role = tokenFile === undefined ? undefined : roleOf(recognition);
    if (tokenFile === undefined || role === undefined) return undefined;
    return createStep({
      ...{ source, profile, field: "webIdentityTokenFile" },
      detail: `${quoteValue(tokenFile)}, role ${role.roleArn}`,
      settings: { tokenFile, ...roleSettings(role) },
    });
  },
  urls: (step) => [roleUrl(step)],
  files: ({ settings: { tokenFile = "" } }, env) => [expandHome(tokenFile, env)],
  ofEnvironment: (env, context) => stepOfEnvironment(source, env, context),
  async identify(step, context) {
    const { identityOf } = await import("./read_token.ts");
    return await identityOf(step, context);
  },
  async fetch(step, context) {
    const [{ assumeWithToken }, { readToken }] = await Promise.all([
      import("./assume.ts"),
      import("./read_token.ts"),
    ]);
    return await assumeWithToken(step, () => readToken(step, context), context);
  },
};
