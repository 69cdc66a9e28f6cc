/**
 * TOTP codes as MFA devices show them: RFC 6238 with SHA-1, 30 seconds and six digits.
 *
 * The digest is that of `node:crypto`, which is synchronous: `crypto.subtle` is not, and between the check of an MFA code
 * and its use no other call may come in. Its HMAC is not used: with Deno 2.4 it prints a warning of the runtime.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The TOTP time step, in milliseconds. */
export const TOTP_STEP = 30_000;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The six digits that an MFA device with the given secret shows at a time.
 *
 * @param secret Base32 (RFC 4648), in either case; spaces and padding are ignored
 * @param epochMs Milliseconds since 1970
 * @throws {TypeError} if the secret is not base32
 *
 * @example
 * ```ts
 * import { totpCode } from "./totp.ts";
 *
 * if (totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000) !== "287082") throw new Error("wrong");
 * ```
 */
export function totpCode(secret: string, epochMs: number): string {
  return codeOfStep(decodeBase32(secret), totpStep(epochMs));
}

/** The number of the 30-second step that contains a time. */
export function totpStep(epochMs: number): number {
  return Math.floor(epochMs / TOTP_STEP);
}

/** The code of one step (RFC 4226, "truncation"). */
export function codeOfStep(secret: Uint8Array, step: number): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const digest = new DataView(hmacSha1(secret, new Uint8Array(counter.buffer)).buffer);
  const offset = digest.getUint8(19) & 0x0f;
  const number = digest.getUint32(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, "0");
}

const blockBytes = 64;

/** HMAC with SHA-1 (RFC 2104): 20 bytes. */
function hmacSha1(key: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockBytes);
  block.set(key.length > blockBytes ? sha1(key) : key);
  const inner = sha1(block.map((byte) => byte ^ 0x36), message);
  return sha1(block.map((byte) => byte ^ 0x5c), inner);
}

function sha1(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}

/** Decodes base32 text. */
export function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const letter of text.toUpperCase().replaceAll(/[\s=]/g, "")) {
    const value = BASE32.indexOf(letter);
    if (value < 0) {
      throw new TypeError("Cannot decode the MFA secret: it is not base32 (A to Z and 2 to 7)");
    }
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((buffer >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** Encodes bytes as base32, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5;) {
      bits -= 5;
      text += BASE32.charAt((buffer >> bits) & 31);
    }
  }
  return bits === 0 ? text : text + BASE32.charAt((buffer << (5 - bits)) & 31);
}
