import { assertEquals } from "@std/assert";
import { editLine, emptyLine, type Line } from "../../../src/cli/prompt/line.ts";

/** The line after the keys, with the cursor as a bar; keys that do not edit change nothing. */
function after(...keys: readonly string[]): string {
  const line = keys.reduce<Line>((at, key) => editLine(at, key) ?? at, emptyLine);
  return `${line.before}|${line.after}`;
}

const left = "\x1b[D";
const right = "\x1b[C";

const rows: readonly (readonly [what: string, keys: readonly string[], line: string])[] = [
  ["text goes in at the cursor", [..."ac", left, "b"], "ab|c"],
  ["backspace takes what is before the cursor", [..."abc", left, "\x7f"], "a|c"],
  ["backspace at the beginning does nothing", ["a", left, "\b"], "|a"],
  [
    "backspace takes a whole character, however it is made",
    ["a", "👩", "\u200d", "👧", "\x7f"],
    "a|",
  ],
  ["backspace takes a letter with its accent", ["a", "e", "\u0301", "\x7f"], "a|"],
  ["delete takes what is after the cursor", [..."a日b", "\x01", "\x1b[3~", "\x1b[3~"], "|b"],
  ["ctrl+u takes all before the cursor", [..."dev qa", left, "\x15"], "|a"],
  ["ctrl+k takes all after the cursor", [..."dev", "\x1b[H", right, "\v"], "d|"],
  ["ctrl+w takes a word and the blanks after it", [..."dev qa ", "\x17"], "dev |"],
  ["Home and End go to the ends", [..."dev", "\x1b[1~", "a", "\x1bOF", "z"], "adevz|"],
  ["arrows of application mode work too", [..."dev", "\x1bOD", "\x1bOD", "\x1bOC"], "de|v"],
  ["arrows stop at the ends", ["a", left, left, right, right], "a|"],
  [
    "other control keys and sequences are no text",
    ["a", "\x00", "\x1b[15~", "\x1bx", "\x1b", ""],
    "a|",
  ],
];

for (const [what, keys, line] of rows) {
  Deno.test({
    name: `in a line ${what}`,
    permissions: "none",
    fn: () => assertEquals(after(...keys), line),
  });
}
