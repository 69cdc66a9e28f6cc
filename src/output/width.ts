/**
 * How wide a terminal shows a text.
 *
 * @module
 */

import { unicodeWidth } from "@std/cli/unicode-width";

const printableAscii = /^[\x20-\x7e]*$/;

/** The columns of a text. Most texts are ASCII: only for others is the width of each character looked up. */
export function displayWidth(text: string): number {
  return printableAscii.test(text) ? text.length : unicodeWidth(text);
}
