/**
 * Words as a person would type them: quoted for a POSIX shell only where they have to be.
 *
 * @module
 */

import { quotePosix } from "../../output/shell.ts";

/** One word. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quotePosix(word);
}

/** A command line. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}
