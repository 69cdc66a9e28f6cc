/**
 * The key of cached credentials: a hash over everything that was sent to STS to get them, so that an edited profile
 * never gets what belonged to the one before.
 *
 * @module
 */

import type { AccessKeys } from "../credentials.ts";
import {
  type BaseStep,
  isKeysStep,
  type RoleStep,
  type SessionStep,
  type SourceStep,
} from "../plan.ts";

/** The part of a plan that led to credentials: those of the last role, else the session token, else the base. */
export interface CacheSubject {
  readonly base: BaseStep;
  readonly session?: SessionStep | undefined;
  readonly roles: readonly RoleStep[];
}

/**
 * 64 hexadecimal digits, the same in every process that has the same plan. The keys that a step before has made are
 * not part of it, since they are others each time; what made them is. No secret can be read from it.
 */
export async function cacheKey({ base, session, roles }: CacheSubject): Promise<string> {
  return await sha256(canonicalJson({
    base: isKeysStep(base) ? keyParts(base.keys) : sourceParts(base),
    session: session === undefined ? undefined : sessionParts(session),
    roles: roles.map(roleParts),
  }));
}

/** The secret with the rest: of its 240 bits of chance a digest gives none away. */
function keyParts({ accessKeyId, secretAccessKey, sessionToken }: AccessKeys) {
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What is fetched; neither the profile that names it nor the words for it. */
function sourceParts({ source, settings }: SourceStep) {
  return { source, settings };
}

/**
 * What tells one session token from another. Not its duration: a long one serves a command that wants a short one, and
 * the entry says how long it is. Not the region either: a session token is good in every region of its partition.
 */
function sessionParts(step: SessionStep) {
  const { mfaSerial, endpoint: { partition, endpointUrl } } = step;
  return { mfaSerial, partition, endpointUrl };
}

/** Everything that is sent; neither who asks nor how the code is come by. */
function roleParts(step: RoleStep) {
  const { roleArn, roleSessionName, externalId, durationSeconds, mfaSerial, endpoint } = step;
  return { roleArn, roleSessionName, externalId, durationSeconds, mfaSerial, endpoint };
}

/** JSON with the names of every object in order, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_name, part) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  );
}

/** The SHA-256 digest of the text's UTF-8, in hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
