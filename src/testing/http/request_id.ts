/**
 * The ids by which AWS names requests.
 *
 * @module
 */

import type { Random } from "../../system.ts";

/** A random UUID (RFC 9562, version 4). */
export function requestId(random: Pick<Random, "bytes">): string {
  const hex = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
