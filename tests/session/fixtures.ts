/**
 * What the tests of the session cache share: credentials, entries and plans.
 *
 * @module
 */

import { assertExists } from "@std/assert";
import { Credentials } from "../../src/credentials.ts";
import type { KeysStep, RoleStep, SessionStep } from "../../src/plan.ts";
import { createSessionCache } from "../../src/cache/cache.ts";
import type { CachePorts } from "../../src/cache/upkeep/parts.ts";
import type { CacheEntry } from "../../src/cache/entry.ts";
import type { SessionCache } from "../../src/cache/port.ts";

/** The moment at which virtual clocks start. */
export const start = Date.UTC(2026, 0, 1);

/** Credentials issued at the start, or `issuedMs` after it. */
export function credentialsFor(seconds: number, issuedMs = 0): Credentials {
  return new Credentials({
    AccessKeyId: "ASIAEXAMPLEEXAMPLE7Q",
    SecretAccessKey: "the/secret+access=key",
    SessionToken: "the//session++token==",
    StartTime: new Date(start + issuedMs),
    Expiration: new Date(start + issuedMs + seconds * 1_000),
  });
}

/** An entry of the user "kim". */
export function entryFor(seconds: number, parts: Partial<CacheEntry> = {}): CacheEntry {
  return {
    profile: "kim",
    operation: "GetSessionToken",
    roleArn: undefined,
    mfaSerial: "arn:aws:iam::111122223333:mfa/kim",
    region: "eu-west-1",
    durationSeconds: seconds,
    skewMs: 0,
    credentials: credentialsFor(seconds),
    ...parts,
  };
}

/** The cache on disk of a system that has a place for it. */
export function diskCache(ports: CachePorts): SessionCache {
  const cache = createSessionCache(ports);
  assertExists(cache);
  return cache;
}

/** A key, as `cacheKey` makes them. */
export function keyOf(digit: string): string {
  return digit.repeat(64);
}

/** The long-term keys of "kim". */
export const base: KeysStep = {
  kind: "static-keys",
  profile: "kim",
  keys: { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "kim's long-term secret" },
  reason: "they are there",
};

/** The session token of "kim". */
export const session: SessionStep = {
  kind: "get-session-token",
  mfaSerial: "arn:aws:iam::111122223333:mfa/kim",
  durationSeconds: 3_600,
  endpoint: { region: "eu-west-1", partition: "aws" },
  reason: "the role wants MFA",
};

/** A role with everything that can be sent. */
export const role: RoleStep = {
  kind: "assume-role",
  profile: "deploy",
  roleArn: "arn:aws:iam::111122223333:role/Deploy",
  roleSessionName: "sts-deploy",
  externalId: "kim:1",
  durationSeconds: 3_600,
  endpoint: { region: "eu-west-1", partition: "aws" },
  reason: "the profile names it",
};
