/**
 * Texts that try to break out of quotes, for tests: well-known ones, and random ones from a seed.
 *
 * @module
 */

import { seededRandom } from "../fake_system.ts";

const pieces = [
  ..."'\"`$\\;&|<>(){}[]*?!#~%^=:, \t\n\r\u2018\u2019\u201a\u201b\u201c\u00e9\u{1f511}\x1b\x07aZ0",
  "$(touch x)",
  "`id`",
  "'; id; '",
  "\\'",
  "''",
  "$'\\n'",
  "${HOME}",
  "%PATH%",
  "!x!",
  "<<EOF",
  "\r\n",
  "--",
];

/** The same texts each time, without NUL and well-formed, so that every shell can hold them. */
export function hostileTexts(count = 1_000): readonly string[] {
  const random = seededRandom(42);
  const pick = () => pieces[Math.floor(random.number() * pieces.length)] ?? "";
  const made = Array.from(
    { length: count },
    () => Array.from({ length: Math.floor(random.number() * 12) }, pick).join(""),
  );
  return [...pieces, ...made];
}
