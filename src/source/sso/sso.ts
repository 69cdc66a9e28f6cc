/**
 * IAM Identity Center: a sign-in that gives the credentials of a permission set.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 *
 * @module
 */

import { quoteValue } from "../../config/file/quote.ts";
import { createStep, type Source } from "../source.ts";
import { tokenFolder } from "./folder.ts";
import { accountAndRole, signInOf, ssoField, urlsOf } from "./settings.ts";

const source = "sso";

/** The record. */
export const sso: Source = {
  source,
  mayAsk: true,
  sharesOnDisk: true,
  ofProfile(recognition) {
    const { profile } = recognition;
    const field = ssoField(profile);
    if (field === undefined) return undefined;
    const signIn = signInOf(recognition);
    const { session, startUrl, region } = signIn;
    const { accountId, roleName } = accountAndRole(recognition);
    return createStep({
      source,
      profile,
      field,
      detail: `${quoteValue(session ?? startUrl)}, account ${accountId}, role ${roleName}`,
      settings: { session, startUrl, region, accountId, roleName, ...urlsOf(recognition, signIn) },
      awsCli: session === undefined
        ? { accountId, roleName, startUrl }
        : { accountId, roleName, sessionName: session },
    });
  },
  isNamedBy: (profile) => ssoField(profile) !== undefined,
  urls: ({ settings: { oidcUrl = "", portalUrl = "" } }) => [oidcUrl, portalUrl],
  async tokenFiles({ settings: { session, startUrl = "" } }, env) {
    const { tokenPathOf } = await import("./token_file.ts");
    const path = await tokenPathOf({ session, startUrl }, env);
    return path === undefined ? [] : [path];
  },
  folders: () => [tokenFolder],
  async fetch(step, context) {
    const { fetchRoleCredentials } = await import("./role_credentials.ts");
    return await fetchRoleCredentials(step, context);
  },
};
