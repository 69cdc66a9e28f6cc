/**
 * The format of a sealed cache file: whom the credentials belong to and when they end, readable for `status` and
 * `logout`, and the credentials, sealed with AES-256-GCM. What is readable is authenticated too, and so is the name of
 * the file: no entry can stand for another one.
 *
 * @module
 */

import { Credentials } from "../../credentials.ts";
import {
  asRecord,
  type CacheEntry,
  type CacheOwner,
  parseRecord,
  sealedVersion as version,
} from "../entry.ts";
import { hex } from "../key.ts";
import { fromBase64, toBase64 } from "./base64.ts";

/** A sealed entry, before it is opened. */
export interface SealedEntry extends Omit<CacheEntry, "credentials"> {
  /** What is known without the key. */
  readonly credentials: Pick<Credentials, "StartTime" | "Expiration">;
  readonly sealed: SealedCredentials;
}

/** The ciphertext. */
export interface SealedCredentials {
  /** Names the key, and says nothing about it. */
  readonly keyId: string;
  /** 12 bytes, in base64. */
  readonly nonce: string;
  /** The ciphertext and its tag, in base64. */
  readonly data: string;
}

const nonceBytes = 12;

/** The entry, or undefined if the text is not a sealed one of this version. */
export function parseSealedEntry(text: string): SealedEntry | undefined {
  const found = parseRecord(text);
  if (found?.version !== version) return undefined;
  const { profile, operation, durationSeconds, skewMs, issued, expires } = found;
  if (typeof profile !== "string" || typeof operation !== "string") return undefined;
  if (typeof durationSeconds !== "number" || typeof skewMs !== "number") return undefined;
  const [StartTime, Expiration] = [new Date(String(issued)), new Date(String(expires))];
  if (Number.isNaN(StartTime.getTime()) || Number.isNaN(Expiration.getTime())) return undefined;
  const sealed = readSealed(found.sealed);
  if (sealed === undefined) return undefined;
  const owner = { profile, operation, ...optionalOwner(found) };
  return { ...owner, durationSeconds, skewMs, credentials: { StartTime, Expiration }, sealed };
}

function optionalOwner(
  { roleArn, mfaSerial, region }: Readonly<Record<string, unknown>>,
): Pick<CacheOwner, "roleArn" | "mfaSerial" | "region"> {
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  return { roleArn: text(roleArn), mfaSerial: text(mfaSerial), region: text(region) };
}

function readSealed(value: unknown): SealedCredentials | undefined {
  const { keyId, nonce, data } = asRecord(value) ?? {};
  if (typeof keyId !== "string" || typeof nonce !== "string" || typeof data !== "string") {
    return undefined;
  }
  return { keyId, nonce, data };
}

/** The key of a cache, ready for use. */
export interface CacheKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** The length of a key. */
export const keyBytes = 32;

/** A key that was kept in base64; undefined for any other text. */
export async function readKey(text: string): Promise<CacheKey | undefined> {
  try {
    const bytes = fromBase64(text);
    if (bytes.length !== keyBytes) return undefined;
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
      ...["encrypt", "decrypt"] as const,
    ]);
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    return { id: hex(digest).slice(0, 16), key };
  } catch {
    return undefined;
  }
}

/** The text of the file `name`. `nonce` is 12 random bytes that were never used with this key. */
export async function sealEntry(
  name: string,
  entry: CacheEntry,
  { id, key }: CacheKey,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  if (nonce.length !== nonceBytes) throw new RangeError(`A nonce has ${nonceBytes} bytes`);
  const { credentials } = entry;
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  const secret = JSON.stringify([AccessKeyId, SecretAccessKey, SessionToken]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: readableOf(name, entry) };
  const data = await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode(secret));
  const sealed = { keyId: id, nonce: toBase64(nonce), data: toBase64(new Uint8Array(data)) };
  const { StartTime: issued, Expiration: expires } = credentials;
  const { profile, operation, roleArn, mfaSerial, region, durationSeconds, skewMs } = entry;
  const owner = { profile, operation, roleArn, mfaSerial, region };
  return `${
    JSON.stringify({ version, ...owner, durationSeconds, skewMs, issued, expires, sealed }, null, 2)
  }\n`;
}

/** The entry in the clear; undefined where it was changed, is torn, or stood under another name. */
export async function openEntry(
  name: string,
  entry: SealedEntry,
  { key }: CacheKey,
): Promise<CacheEntry | undefined> {
  const { sealed, credentials: { StartTime, Expiration }, ...rest } = entry;
  try {
    const iv = fromBase64(sealed.nonce);
    const algorithm = { name: "AES-GCM", iv, additionalData: readableOf(name, entry) };
    const data = await crypto.subtle.decrypt(algorithm, key, fromBase64(sealed.data));
    const [AccessKeyId, SecretAccessKey, SessionToken] = JSON.parse(new TextDecoder().decode(data));
    const keys = { AccessKeyId, SecretAccessKey, SessionToken };
    return { ...rest, credentials: new Credentials({ ...keys, StartTime, Expiration }) };
  } catch {
    return undefined;
  }
}

/** What is authenticated with the ciphertext: the same bytes for the same entry, however its file is laid out. */
function readableOf(
  name: string,
  entry: CacheOwner & Pick<SealedEntry, "durationSeconds" | "skewMs" | "credentials">,
) {
  const { profile, operation, roleArn = null, mfaSerial = null, region = null } = entry;
  const { durationSeconds, skewMs, credentials: { StartTime, Expiration } } = entry;
  return new TextEncoder().encode(JSON.stringify([
    ...["stsaval cache entry", version, name, profile, operation, roleArn, mfaSerial, region],
    ...[durationSeconds, skewMs, StartTime, Expiration],
  ]));
}
