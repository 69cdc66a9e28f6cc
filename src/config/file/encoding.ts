/**
 * Tells a file that is not UTF-8 by what is left of it once it was read as such.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";

/** How text in another encoding begins when it is read as UTF-8: ASCII characters with NULs between them. */
const beginnings: readonly (readonly [encoding: string, start: RegExp])[] = [
  ["UTF-32", /^(?:\ufffd\ufffd\0\0|\0\0\ufffd\ufffd|[^\0]\0\0\0|\0\0\0[^\0])/],
  ["UTF-16", /^(?:\ufffd\ufffd)?(?:[^\0]\0|\0[^\0])/],
];

/** What stands in a text for a byte that is not UTF-8, or for no character at all. */
export const unreadable = /[\ufffd\0]/;
/** {@linkcode unreadable} in words. */
export const unreadableWords = "a byte that is not UTF-8";

/**
 * Refuses text in which nothing can be read. A single byte that is not UTF-8 is another matter: it harms its own line.
 *
 * @throws {ConfigError} naming the encoding
 */
export function refuseOtherEncodings(text: string, file: string): void {
  const [encoding] = beginnings.find(([, start]) => start.test(text)) ?? [];
  if (encoding === undefined) return;
  throw new ConfigError("Cannot read", { file }, `its encoding is ${encoding}, wanted UTF-8`, {
    hint: `convert it, such as with 'iconv -f ${encoding} -t UTF-8', or save it as UTF-8`,
  });
}
