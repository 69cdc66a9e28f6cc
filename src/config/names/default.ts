/**
 * The profile that is meant where none is named.
 *
 * @module
 */

import type { Config } from "../load.ts";
import type { Profile, ProfileField } from "../profile.ts";

/**
 * The first of: the profile that the environment names (`AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`); the profile
 * `default`, where it leads to credentials; the only profile that does, or with `only: "user"` the only one that holds
 * keys. Undefined where none of these is there: then somebody has to choose.
 */
export function defaultProfile(
  { environment, profiles }: Pick<Config, "environment" | "profiles">,
  { only }: { readonly only: "profile" | "user" },
): string | undefined {
  if (environment.profile !== undefined) return environment.profile;
  const usable = [...profiles.values()].filter(leadsToCredentials);
  if (hasDefault({ profiles })) return "default";
  const [first, second] = only === "user" ? usable.filter(holdsKeys) : usable;
  return second === undefined ? first?.name : undefined;
}

/**
 * The profiles that lead to credentials, to choose from; with `only: "user"` those that hold keys, or all of them where
 * none does.
 */
export function usableProfiles(
  { profiles }: Pick<Config, "profiles">,
  { only }: { readonly only: "profile" | "user" },
): readonly Profile[] {
  const usable = [...profiles.values()].filter(leadsToCredentials);
  const users = only === "user" ? usable.filter(holdsKeys) : [];
  return users.length > 0 ? users : usable;
}

/** The profiles that `--all` stands for: those with a role of their own, of IAM or of IAM Identity Center. */
export function roleNames({ profiles }: Pick<Config, "profiles">): readonly string[] {
  const roles = [...profiles.values()].filter(({ roleArn, ssoRoleName }) =>
    (roleArn ?? ssoRoleName) !== undefined
  );
  return roles.map(({ name }) => name);
}

/** Whether there is a profile `default` that leads to credentials. */
export function hasDefault({ profiles }: Pick<Config, "profiles">): boolean {
  const profile = profiles.get("default");
  return profile !== undefined && leadsToCredentials(profile);
}

/** Settings that say how, but not whence. */
const manners: ReadonlySet<string> = new Set<ProfileField>([
  ...["region", "endpointUrl", "services", "ignoreConfiguredEndpointUrls"] as const,
  ...["stsRegionalEndpoints", "useFips", "useDualstack"] as const,
  ...["mfaSerial", "mfaProcess", "mfaStore", "durationSeconds", "roleSessionName"] as const,
  ...["shareAwsCache", "sealCache"] as const,
  ...["ec2MetadataEndpoint", "ec2MetadataEndpointMode", "ec2MetadataV1Disabled"] as const,
]);

/** Also true for a profile whose keys or role are broken: its own error says more than its absence. */
function leadsToCredentials({ places }: Profile): boolean {
  return Object.keys(places).some((field) => !manners.has(field));
}

function holdsKeys({ accessKeyId, secretAccessKey, sealedKeys }: Profile): boolean {
  return (accessKeyId ?? secretAccessKey ?? sealedKeys) !== undefined;
}
