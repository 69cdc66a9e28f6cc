/**
 * The codes of a TOTP device (RFC 6238, over HOTP, RFC 4226), from its seed and the time.
 *
 * @module
 */

import type { SealedSeed } from "../port.ts";
import { decodeBase32 } from "./base32.ts";

/** What a code is made of. */
export type CodeSeed = Pick<SealedSeed, "secret" | "algorithm" | "digits" | "period">;

/** The number of the time step at that moment, in milliseconds since 1970. */
export function stepAt({ period }: Pick<CodeSeed, "period">, now: number): number {
  return Math.floor(now / (period * 1_000));
}

/** When the step begins, in milliseconds since 1970. */
export function startOfStep({ period }: Pick<CodeSeed, "period">, step: number): number {
  return step * period * 1_000;
}

/**
 * The code of a step, with its leading zeros.
 *
 * @throws {RangeError} when the secret is not base32, or empty
 */
export async function codeOfStep(seed: CodeSeed, step: number): Promise<string> {
  const secret = decodeBase32(seed.secret);
  if (secret === undefined || secret.length === 0) throw new RangeError("The seed is not base32");
  const hash = { name: "HMAC", hash: seed.algorithm };
  const key = await crypto.subtle.importKey("raw", secret, hash, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf;
  const number = mac.getUint32(offset) & 0x7fff_ffff;
  return String(number % 10 ** seed.digits).padStart(seed.digits, "0");
}
