/**
 * `@std/cli/unicode-width` for networks without JSR: written from its behaviour, since the npm build
 * lacks the table that it needs.
 *
 * @module
 */

/** Marks that sit on the character before them, and what is never drawn. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]$/u;

/** East Asian wide and full-width forms. */
const WIDE = new RegExp(
  "^[\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3041-\\u4dbf\\u4e00-\\ua4cf\\ua960-\\ua97f" +
    "\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6" +
    "\\u{16fe0}-\\u{18d08}\\u{1b000}-\\u{1b2fb}\\u{20000}-\\u{3fffd}]$",
  "u",
);

/** A flag is two regional indicators of one column each. */
const EMOJI = /^(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}$/u;

/** The number of columns that a terminal needs for the text. Escape sequences are not understood. */
export function unicodeWidth(str: string): number {
  let columns = 0;
  for (const char of str) columns += charWidth(char);
  return columns;
}

function charWidth(char: string): number {
  if (/^[ -~]$/.test(char)) return 1;
  if (ZERO.test(char)) return 0;
  return WIDE.test(char) || EMOJI.test(char) ? 2 : 1;
}
