/**
 * The key of cached credentials: a hash over everything that was sent to STS to get them, so that an edited profile
 * never gets the credentials of its previous version.
 *
 * @module
 */

import type { AccessKeys } from "../credentials.ts";
import {
  type BaseStep,
  isKeysStep,
  type RoleStep,
  type ScopeStep,
  type SessionStep,
  type SourceStep,
} from "../plan.ts";
import type { Digests } from "../system.ts";

/** The part of a plan that led to credentials: the scoped copy, else those of the last role, the session token, or the base. */
export interface CacheSubject {
  readonly base: BaseStep;
  readonly session?: SessionStep | undefined;
  readonly roles: readonly RoleStep[];
  readonly scope?: ScopeStep | undefined;
}

/**
 * 64 hexadecimal digits, the same in every process that has the same plan. Temporary keys of earlier steps are not part
 * of it, since they differ each time; the requests that produced them are. It reveals no secret.
 *
 * @param digests what makes it at once; default: WebCrypto, for which no module is loaded
 */
export async function cacheKey(
  { base, session, roles, scope }: CacheSubject,
  digests?: Digests,
): Promise<string> {
  const text = canonicalJson({
    base: isKeysStep(base) ? keyParts(base.keys) : sourceParts(base),
    session: session === undefined ? undefined : sessionParts(session),
    roles: roles.map(roleParts),
    scope: scope === undefined ? undefined : scopeParts(scope),
  });
  if (digests === undefined) return await sha256(text);
  return hex(digests.sha256().update(new TextEncoder().encode(text)).digest());
}

/** Includes the secret: it has 240 bits of entropy, so the digest reveals nothing of it. */
function keyParts({ accessKeyId, secretAccessKey, sessionToken }: AccessKeys) {
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What is fetched; neither the profile that names it nor the words for it. */
function sourceParts({ source, settings }: SourceStep) {
  return { source, settings };
}

/**
 * What identifies a session token. Not its duration: a long one serves a command that wants a short one, and the entry
 * holds the duration. Not the region either: a session token is valid in every region of its partition.
 */
function sessionParts(step: SessionStep) {
  const { mfaSerial, endpoint: { partition, endpointUrl } } = step;
  return { mfaSerial, partition, endpointUrl };
}

/** Everything that is sent; not the requesting profile, nor the source of the code. */
function roleParts(step: RoleStep) {
  const { roleArn, roleSessionName, externalId, durationSeconds, mfaSerial, endpoint } = step;
  const { parameters } = step;
  return { roleArn, roleSessionName, externalId, durationSeconds, mfaSerial, endpoint, parameters };
}

/** A copy for ten minutes is another one than a copy for an hour. */
function scopeParts({ policy, durationSeconds, description, endpoint }: ScopeStep) {
  return { policy, durationSeconds, description, endpoint };
}

/** JSON with sorted object keys, so that equal values of plain data give equal text; undefined for what JSON leaves out. */
function canonicalJson(value: object): string;
function canonicalJson(value: unknown): string | undefined;
function canonicalJson(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item) ?? "null")}]`;
  const parts = value as Readonly<Record<string, unknown>>;
  const fields: string[] = [];
  for (const name of Object.keys(parts).sort()) {
    const text = canonicalJson(parts[name]);
    if (text !== undefined) fields.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${fields}}`;
}

/** The SHA-256 digest of the text in UTF-8, in hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** A digest, of as many bytes as make whole words of four, as lower-case hexadecimal digits. */
export function hex(digest: ArrayBuffer | Uint8Array): string {
  const { buffer, byteOffset, byteLength } = new Uint8Array(digest);
  const words = new DataView(buffer, byteOffset, byteLength);
  let digits = "";
  for (let at = 0; at < byteLength; at += 4) {
    digits += words.getUint32(at).toString(16).padStart(8, "0");
  }
  return digits;
}
