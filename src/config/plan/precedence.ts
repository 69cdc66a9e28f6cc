/**
 * Which kind of credentials other tools take from a profile that names several: they do not agree.
 *
 * @module
 */

import { type Profile, settingNames } from "../profile.ts";
import { profileAt } from "./problem.ts";

/** The kinds that a profile can name, in the order in which stsaval takes them, each with the settings that name it. */
const kinds = {
  "a role": ({ roleArn, sourceProfile, credentialSource }: Profile) =>
    roleArn !== undefined && (sourceProfile ?? credentialSource) !== undefined,
  "web identity": ({ roleArn, webIdentityTokenFile }: Profile) =>
    roleArn !== undefined && webIdentityTokenFile !== undefined,
  "its keys": ({ accessKeyId }: Profile) => accessKeyId !== undefined,
  "its sealed keys": ({ sealedKeys }: Profile) => sealedKeys !== undefined,
  [settingNames.credentialProcess]: ({ credentialProcess }: Profile) =>
    credentialProcess !== undefined,
  "IAM Identity Center": ({ ssoAccountId, ssoRoleName }: Profile) =>
    (ssoAccountId ?? ssoRoleName) !== undefined,
  "aws login": ({ loginSession }: Profile) => loginSession !== undefined,
} as const satisfies Readonly<Record<string, (profile: Profile) => boolean>>;

type Kind = keyof typeof kinds;

/** botocore reads the two files one by one: keys of the config file are the last that it takes. */
const ordersOfBotocore = {
  // Where this one counts, the profile has keys.
  sharedKeys: ["web identity", "a role", "IAM Identity Center", "its keys"],
  configKeys: [
    ...["web identity", "a role", "IAM Identity Center"] as const,
    ...["aws login", "credential_process", "its keys"] as const,
  ],
} as const satisfies Readonly<Record<string, readonly Kind[]>>;

/** The orders of other tools, the kind that it takes first in front (sources of the SDKs, read 2026-11). */
const orders: Readonly<Record<string, readonly Kind[]>> = {
  "the AWS SDK for JavaScript": [
    "a role",
    "its keys",
    "web identity",
    "credential_process",
    "IAM Identity Center",
    "aws login",
  ],
  "botocore and the AWS CLI": ordersOfBotocore.configKeys,
  "the AWS SDK for Go": [
    "a role",
    "its keys",
    "web identity",
    "IAM Identity Center",
    "aws login",
    "credential_process",
  ],
};

/**
 * Says, for a profile that names several kinds, what each tool takes where they differ; undefined where they agree.
 * `credentials` is the path of the credentials file.
 */
export function precedenceNotice(profile: Profile, credentials: string): string | undefined {
  const named = Object.entries(kinds).filter(([, isNamed]) => isNamed(profile)).map(([kind]) =>
    kind
  );
  const isShared = profile.places.accessKeyId?.file === credentials;
  const all = isShared
    ? { ...orders, "botocore and the AWS CLI": ordersOfBotocore.sharedKeys }
    : orders;
  const others = Object.entries(all).map(([tool, order]) =>
    [tool, order.find((kind) => named.includes(kind))] as const
  );
  const taken = [["stsaval", named[0]] as const, ...others];
  // What is sealed no other tool knows: without anything else it takes nothing, which is no other choice.
  const chosen = taken.filter(([, kind]) => kind !== undefined);
  if (new Set(chosen.map(([, kind]) => kind)).size < 2) return undefined;
  const choices = chosen.map(([tool, kind]) =>
    `${tool} ${tool.includes(" and ") ? "take" : "takes"} ${kind}`
  ).join(", ");
  return `${profileAt(profile)} names ${named.join(" and ")}: ${choices}`;
}
