/**
 * The seed of an MFA device as people have it: the secret key that AWS shows, or the text of its QR code.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { SealedSeed } from "../port.ts";
import { decodeBase32, plainBase32 } from "./base32.ts";

/** A seed, and the device that its QR code names. */
export interface GivenSeed {
  readonly seed: SealedSeed;
  /** The label of the QR code, such as "Amazon Web Services:kim@123456789012"; undefined without one. */
  readonly label: string | undefined;
}

/** AWS's devices: RFC 6238 with SHA-1, six digits and 30 seconds. */
const usual = { version: 1, algorithm: "SHA-1", digits: 6, period: 30 } as const;
/** Shorter ones are cut off: RFC 4226 asks for 128 bits, old devices have 80. */
const leastBytes = 10;
const mostBytes = 128;
const longestPeriod = 300;
/** A QR code holds no more. */
const longestText = 4_296;

/**
 * Reads base32, with blanks and in any case, or `otpauth://totp/…`. No error repeats the text, since it is the secret.
 *
 * @throws {UsageError} when it is neither, or AWS could not accept its codes
 */
export function readSeed(text: string): GivenSeed {
  const given = text.trim();
  if (given === "") fail("found nothing");
  if (given.length > longestText) fail(`found ${given.length} characters`);
  if (/^otpauth:/i.test(given)) return readUri(given);
  return { seed: { ...usual, secret: checkedSecret(given) }, label: undefined };
}

function readUri(text: string): GivenSeed {
  const url = URL.parse(text) ?? fail("found an otpauth address that cannot be read");
  const kind = /^otpauth:\/\/([^/?#]*)/i.exec(text)?.[1]?.toLowerCase();
  if (kind !== "totp") {
    fail(
      kind === "hotp"
        ? "found a device that counts (hotp), and AWS's go by the time"
        : "found an otpauth address of another kind",
    );
  }
  const { searchParams } = url;
  const secret = searchParams.get("secret") ?? fail("found an otpauth address without a secret");
  return {
    seed: {
      ...usual,
      secret: checkedSecret(secret),
      algorithm: algorithmOf(searchParams.get("algorithm") ?? "SHA1"),
      digits: digitsOf(searchParams.get("digits") ?? "6"),
      period: periodOf(searchParams.get("period") ?? "30"),
    },
    label: labelOf(url),
  };
}

function labelOf({ pathname }: URL): string | undefined {
  const path = pathname.replace(/^\//, "");
  try {
    return decodeURIComponent(path) || undefined;
  } catch {
    return path;
  }
}

function checkedSecret(text: string): string {
  const secret = plainBase32(text);
  const bytes = decodeBase32(secret);
  if (bytes === undefined) {
    fail(`found ${secret.length} characters that are not all of A to Z and 2 to 7`);
  }
  if (bytes.length < leastBytes) {
    fail(`found ${secret.length} characters, wanted at least ${Math.ceil(leastBytes * 8 / 5)}`);
  }
  if (bytes.length > mostBytes) {
    fail(`found ${secret.length} characters, wanted at most ${Math.floor(mostBytes * 8 / 5)}`);
  }
  return secret;
}

function algorithmOf(text: string): SealedSeed["algorithm"] {
  const name = /^SHA-?(1|256|512)$/i.exec(text)?.[1];
  if (name === "1" || name === "256" || name === "512") return `SHA-${name}`;
  return fail("found an unknown algorithm, wanted SHA1, SHA256 or SHA512");
}

function digitsOf(text: string): SealedSeed["digits"] {
  if (text === "6") return 6;
  if (text === "8") return 8;
  return fail("found another number of digits, wanted 6 or 8");
}

function periodOf(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= longestPeriod) return seconds;
  return fail(`found another period, wanted 1 to ${longestPeriod} seconds`);
}

function fail(why: string): never {
  throw new UsageError(`Cannot read the secret key of the MFA device: ${why}`, {
    hint:
      "give the secret key that AWS shows beside the QR code (A to Z and 2 to 7), or otpauth://totp/…",
  });
}

/**
 * The seed that a sealed file holds.
 *
 * @returns undefined where the content is not one of this version
 */
export function parseSeed(content: string): SealedSeed | undefined {
  let found: Partial<Record<keyof SealedSeed, unknown>> | null;
  try {
    found = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof found !== "object" || found?.version !== 1) return undefined;
  const { secret, algorithm, digits, period, serial } = found;
  if (typeof secret !== "string" || (decodeBase32(secret)?.length ?? 0) === 0) return undefined;
  if (algorithm !== "SHA-1" && algorithm !== "SHA-256" && algorithm !== "SHA-512") return undefined;
  if (digits !== 6 && digits !== 8) return undefined;
  if (typeof period !== "number" || !Number.isInteger(period) || period < 1) return undefined;
  const seed: SealedSeed = { version: 1, secret, algorithm, digits, period };
  return typeof serial === "string" ? { ...seed, serial } : seed;
}
