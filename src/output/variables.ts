/**
 * Credentials as environment variables, in the syntax of a given shell.
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";
import type { Shell } from "./shell.ts";

/** The variables that AWS's tools and SDKs read, for one credential. */
export function credentialVariables(
  credentials: CredentialsFields,
  region?: string,
): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: credentials.SessionToken,
    AWS_CREDENTIAL_EXPIRATION: credentials.Expiration.toISOString(),
    ...(region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  };
}

const credentialNames = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
];

/**
 * One assignment per line. Several profiles get prefixed names: `STS_DYNAMODBROLE_DEV_AWS_ACCESS_KEY_ID`.
 *
 * @throws {UsageError} when two profiles would get the same names, or the shell cannot represent a value
 */
export function formatVariables(set: CredentialSet, options: FormatOptions, shell: Shell): string {
  const prefixes = namePrefixes(Object.keys(set));
  return lines(
    Object.entries(set).flatMap(([key, credentials]) =>
      Object.entries(credentialVariables(credentials, options.region)).map(([name, value]) =>
        shell.assign(`${prefixes.get(key) ?? ""}${name}`, value)
      )
    ),
  );
}

/** The reverse of {@linkcode formatVariables}: unsets the same variables. */
export function formatUnsetVariables(
  keys: readonly string[],
  options: Pick<FormatOptions, "region">,
  unset: (name: string) => string,
): string {
  const names = options.region === undefined
    ? credentialNames
    : [...credentialNames, "AWS_REGION", "AWS_DEFAULT_REGION"];
  const prefixes = namePrefixes(keys);
  return lines(
    keys.flatMap((key) => names.map((name) => unset(`${prefixes.get(key) ?? ""}${name}`))),
  );
}

/** The prefix of each key's variables: none if there is only one key. */
function namePrefixes(keys: readonly string[]): ReadonlyMap<string, string> {
  if (keys.length < 2) return new Map();
  const owners = new Map<string, string>();
  for (const key of keys) {
    const prefix = `${key.toUpperCase().replace(/\W/gu, nameCharacter)}_`;
    const owner = owners.get(prefix);
    if (owner !== undefined) {
      throw new UsageError(
        `Cannot distinguish the variables of "${owner}" and "${key}": both would begin with ${prefix}`,
        { hint: "request one of them at a time, or use '--format json'" },
      );
    }
    owners.set(prefix, key);
  }
  return new Map([...owners].map(([prefix, key]) => [key, prefix]));
}

/** `-` becomes `_`, and a letter of another alphabet its number, so that two names in it differ. */
function nameCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point < 128 ? "_" : `_U${point.toString(16).toUpperCase().padStart(4, "0")}_`;
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join("");
}
