/**
 * The secrets of a server: random text, compared without telling by the time it takes how much of it was right.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { Random } from "../system.ts";

/** A secret that requests must show. */
export interface Secret {
  /** Base64url, without padding: it can stand in a header, in a path and in any shell. */
  readonly text: string;
  /** Compares digests in constant time, so that neither the text nor its length can be guessed step by step. */
  matches(shown: string | null | undefined): boolean;
}

/** A secret of that many random bytes. */
export function createSecret(random: Pick<Random, "bytes">, bytes = 32): Secret {
  const text = base64url(random.bytes(bytes));
  const wanted = digest(text);
  return {
    text,
    matches: (shown) => typeof shown === "string" && timingSafeEqual(digest(shown), wanted),
  };
}

/** Bytes as base64url, without padding. */
function base64url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
