/**
 * The secrets of a server: random text, compared without telling by the time it takes how much of it was right.
 *
 * @module
 */

import type { Random } from "../system.ts";

/** A secret that requests must show. */
export interface Secret {
  /** Base64url, without padding: it can stand in a header, in a path and in any shell. */
  readonly text: string;
  /**
   * Compares every character, whichever of them are right, so that the text cannot be guessed step by step. Its length is
   * no secret: it follows from the number of bytes.
   */
  matches(shown: string | null | undefined): boolean;
}

/** A secret of that many random bytes. */
export function createSecret(random: Pick<Random, "bytes">, bytes = 32): Secret {
  const text = base64url(random.bytes(bytes));
  return { text, matches: (shown) => typeof shown === "string" && isEqual(shown, text) };
}

/** Bytes as base64url, without padding. */
function base64url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Takes as long for every text of the right length: no branch depends on a character. */
function isEqual(shown: string, wanted: string): boolean {
  if (shown.length !== wanted.length) return false;
  let difference = 0;
  for (let index = 0; index < wanted.length; index++) {
    difference |= shown.charCodeAt(index) ^ wanted.charCodeAt(index);
  }
  return difference === 0;
}
