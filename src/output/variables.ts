/**
 * Credentials as environment variables, in the syntax of a given shell.
 *
 * @module
 */

import { type CredentialsFields, endOf } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";
import type { Shell } from "./shell.ts";
import { credentialNames, misleadingVariables, serverOverrides } from "./variable_names.ts";

/** The variables that AWS's tools and SDKs read, for one credential; none for a session token or an end that it lacks. */
export function credentialVariables(
  credentials: CredentialsFields,
  region?: string,
): Readonly<Record<string, string>> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  const end = endOf(credentials);
  return {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    ...(SessionToken === "" ? {} : { AWS_SESSION_TOKEN: SessionToken }),
    ...(end === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: end.toISOString() }),
    ...(region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  };
}

const regionNames = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/** The variables of one profile that lead to a server. */
export interface ServerVariables {
  /** What they are for, as a comment for people: one line. */
  readonly title: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * One block of assignments for each, to be copied into a shell: what comes before a server is unset first, where the shell
 * can.
 *
 * @throws {UsageError} when the shell cannot represent a value
 */
export function formatServerVariables(blocks: readonly ServerVariables[], shell: Shell): string {
  const { unset } = shell;
  return blocks.map(({ title, variables }) =>
    lines([
      shell.comment(title),
      ...(unset === undefined ? [] : [unset(serverOverrides)]),
      ...Object.entries(variables).map(([name, value]) => shell.assign(name, value)),
    ])
  ).join("\n");
}

/**
 * One assignment per line. Several profiles get prefixed names: `STS_DYNAMODBROLE_DEV_AWS_ACCESS_KEY_ID`. One profile
 * takes over: what leads to other credentials is unset first, where the shell can.
 *
 * @throws {UsageError} when two profiles would get the same names, or the shell cannot represent a value
 */
export function formatVariables(set: CredentialSet, options: FormatOptions, shell: Shell): string {
  const prefixes = namePrefixes(Object.keys(set));
  const { unset } = shell;
  const assignments = Object.entries(set).flatMap(([key, credentials]) =>
    Object.entries(credentialVariables(credentials, options.region)).map(([name, value]) =>
      shell.assign(`${prefixes.get(key) ?? ""}${name}`, value)
    )
  );
  const takesOver = prefixes.size === 0 && assignments.length > 0;
  return lines([
    ...(takesOver && unset ? [unset([...misleadingVariables, ...absentNames(set)])] : []),
    ...assignments,
  ]);
}

/** What one profile's credentials lack must not be left of others: long-term keys have no session token. */
function absentNames(set: CredentialSet): readonly string[] {
  const present = Object.values(set).flatMap((credentials) =>
    Object.keys(credentialVariables(credentials))
  );
  return credentialNames.filter((name) => !present.includes(name));
}

/**
 * The reverse of {@linkcode formatVariables}: unsets the same variables, the region's whether it was set or not, and, for
 * one profile, all that leads to credentials.
 */
export function formatUnsetVariables(
  keys: readonly string[],
  unset: (names: readonly string[]) => string,
): string {
  const prefixes = namePrefixes(keys);
  const names = [...credentialNames, ...regionNames];
  const own = keys.flatMap((key) => names.map((name) => `${prefixes.get(key) ?? ""}${name}`));
  return lines([unset([...(prefixes.size === 0 ? misleadingVariables : []), ...own])]);
}

/**
 * The prefix of each key's variables: none if there is only one key.
 *
 * @throws {UsageError} when two keys would get the same one; `hint` says what helps
 */
export function namePrefixes(
  keys: readonly string[],
  hint = "request one of them at a time, or use '--format json'",
): ReadonlyMap<string, string> {
  if (keys.length < 2) return new Map();
  const owners = new Map<string, string>();
  for (const key of keys) {
    const prefix = `${key.toUpperCase().replace(/\W/gu, nameCharacter)}_`;
    const owner = owners.get(prefix);
    if (owner !== undefined) {
      throw new UsageError(
        `Cannot distinguish the variables of "${owner}" and "${key}": both would begin with ${prefix}`,
        { hint },
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
