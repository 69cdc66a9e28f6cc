/**
 * What a server hands out: the newest credentials of profiles, from memory.
 *
 * @module
 */

import { type Credentials, setKey } from "../credentials.ts";
import {
  ConfigError,
  ExpiredError,
  ProfileError,
  StsavalError,
  StsError,
  UsageError,
} from "../errors.ts";
import type { CredentialSet } from "../refresh/live.ts";
import type { Failure } from "./reply.ts";

/** The credentials of a fixed list of profiles. */
export interface ServedCredentials {
  /** The profiles, with the last role of each. */
  readonly roles: ReadonlyMap<string, string | undefined>;
  /** Why nothing is renewed any longer; undefined while it is. */
  readonly ended: string | undefined;
  /** The newest credentials of one of the profiles. @throws {StsavalError} when they have expired */
  read(profile: string): Credentials;
}

/** Those of a set. */
export function servedSet(set: CredentialSet): ServedCredentials {
  // Read by any name: a set of known names is typed by these alone.
  const all: { readonly [key: string]: unknown } = set as never;
  const roles = rolesOf(set);
  const keyOf = keyFinder(roles);
  return {
    roles,
    get ended() {
      return set.haltReason;
    },
    // The getter of a profile's key gives credentials, or throws.
    read: (profile) => all[keyOf(profile)] as Credentials,
  };
}

/** Finds the keys of profiles in a set: a text that is put together for each request is looked up more slowly. */
export function keyFinder(roles: ServedCredentials["roles"]): (profile: string) => string {
  const keys = new Map([...roles.keys()].map((profile) => [profile, setKey(profile)]));
  return (profile) => keys.get(profile) ?? setKey(profile);
}

/** The last role of each profile of a set. */
export function rolesOf(set: CredentialSet): ReadonlyMap<string, string | undefined> {
  return new Map(set.status().map(({ profile, roleArn }) => [profile, roleArn]));
}

/** The account in the ARN of a role. */
export function accountOf(roleArn: string | undefined): string | undefined {
  return roleArn?.split(":")[4] || undefined;
}

/** The last second that every SDK can read: they want an end of keys that have none, too. */
const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `2026-01-01T00:00:00Z`: the one form that every SDK reads, never later than the moment itself. */
export function formatSecond(date: Date): string {
  const time = Math.min(date.getTime(), lastSecond);
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The answer to a read that failed: final where only a person can change it, else "try again". */
export function failureOf(error: unknown, ended: string | undefined): Failure {
  const message = messageOf(error);
  const cause = error instanceof ExpiredError ? error.cause : error;
  if (cause instanceof StsError && !/^ExpiredToken/.test(cause.awsCode ?? "")) {
    return { status: 403, code: cause.awsCode ?? "AccessDenied", message };
  }
  const isFinal = cause instanceof ProfileError || cause instanceof ConfigError ||
    cause instanceof UsageError ||
    (cause instanceof StsavalError && cause.code === "SOURCE_REFUSED");
  if (isFinal) return { status: 403, code: "AccessDenied", message };
  if (error instanceof ExpiredError && ended !== undefined) {
    return { status: 403, code: "ExpiredToken", message };
  }
  return { status: 503, code: "ServiceUnavailable", message };
}

function messageOf(error: unknown): string {
  if (!(error instanceof StsavalError)) return "Cannot read the credentials: internal error";
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}
