/**
 * A line of text that is edited key by key, as shells do it.
 *
 * @module
 */

/** The text on both sides of the cursor. */
export interface Line {
  readonly before: string;
  readonly after: string;
}

/** Nothing typed yet. */
export const emptyLine: Line = { before: "", after: "" };

/** The whole text. */
export function textOf({ before, after }: Line): string {
  return before + after;
}

/** The line after a key; undefined if the key does not edit it. */
export function editLine(line: Line, key: string): Line | undefined {
  const edit = edits[key];
  if (edit !== undefined) return edit(line);
  // Control characters and escape sequences are no text.
  if (key === "" || /^\p{Cc}/u.test(key)) return undefined;
  return { before: line.before + key, after: line.after };
}

const edits: Readonly<Record<string, (line: Line) => Line>> = keyTable([
  [["\x7f", "\b"], ({ before, after }) => ({ before: withoutLast(before), after })],
  [["\x1b[3~"], ({ before, after }) => ({ before, after: after.slice(firstOf(after).length) })],
  [["\x15"], ({ after }) => ({ before: "", after })],
  [["\v"], ({ before }) => ({ before, after: "" })],
  [["\x17"], ({ before, after }) => ({ before: before.replace(/\S*\s*$/u, ""), after })],
  [["\x1b[D", "\x1bOD", "\x02"], ({ before, after }) => ({
    before: withoutLast(before),
    after: lastOf(before) + after,
  })],
  [["\x1b[C", "\x1bOC", "\x06"], ({ before, after }) => ({
    before: before + firstOf(after),
    after: after.slice(firstOf(after).length),
  })],
  [[...homeKeys(), "\x01"], (line) => ({ before: "", after: textOf(line) })],
  [[...endKeys(), "\x05"], (line) => ({ before: textOf(line), after: "" })],
]);

/** What terminals send for Home. */
export function homeKeys(): readonly string[] {
  return ["\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"];
}

/** What terminals send for End. */
export function endKeys(): readonly string[] {
  return ["\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"];
}

/** A record of every key of each row. */
export function keyTable<T>(rows: readonly (readonly [readonly string[], T])[]): Record<string, T> {
  return Object.fromEntries(rows.flatMap(([keys, value]) => keys.map((key) => [key, value])));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a person sees as one character may be several code points. */
function lastOf(text: string): string {
  return [...graphemes.segment(text)].at(-1)?.segment ?? "";
}

function firstOf(text: string): string {
  return graphemes.segment(text)[Symbol.iterator]().next().value?.segment ?? "";
}

function withoutLast(text: string): string {
  return text.slice(0, text.length - lastOf(text).length);
}
