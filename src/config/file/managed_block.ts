/**
 * The block of lines that stsaval manages in a credentials file, between two marks. Its first line says how to restore
 * the original text.
 *
 * The marks contain neither ":" nor "=": the AWS CLI takes a comment that does for a setting of the section above, and
 * would insert new settings of that section below it, inside the block.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import { writtenName } from "./section_header.ts";
import { settingNames } from "./setting_names.ts";

/** The state of the file before the block was added. */
type Origin = "whole" | "cut" | "new";

/** A text around the block. */
export interface ManagedText {
  readonly before: string;
  /** The sections of the block by name: each with its header, lines terminated by line feeds. */
  readonly sections: ReadonlyMap<string, string>;
  readonly after: string;
  readonly origin: Origin;
  /** The line terminator of the block. */
  readonly lineEnd: "\n" | "\r\n";
}

/** A line of a text, without its terminator. */
export interface Line {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** Where it starts in the text. */
  readonly start: number;
  /** Where the next line starts. */
  readonly next: number;
}

const beginMark = "# >>> stsaval write >>>";
const endMark = "# <<< stsaval write <<<";

const beginLines: Readonly<Record<Origin, string>> = {
  whole: `${beginMark} 'stsaval write --remove' takes these lines out`,
  cut: `${beginMark} 'stsaval write --remove' takes these lines out, with the line end above`,
  new: `${beginMark} 'stsaval write --remove' takes these lines out, with the file`,
};

const { accessKeyId, secretAccessKey, sessionToken, region } = settingNames;
/** The first line of each section; sections written by other programs do not have it. */
const endsLine = /^# ends \S+$/;
/** Excludes long-term keys: stsaval never writes them, and they cannot be recovered. */
const settingLine = new RegExp(
  `^(?:${accessKeyId}\\s*=\\s*(?!AKIA)|(?:${secretAccessKey}|${sessionToken}|${region})\\s*=\\s*)\\S+$`,
);

/** The lines of a text, for any line terminator. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  let number = 0;
  for (const match of text.matchAll(/\r\n|\n|\r|$/g)) {
    const next = match.index + match[0].length;
    yield { text: text.slice(start, match.index), number: ++number, start, next };
    start = next;
  }
}

/** The text with an empty block at its end. */
export function openBlock(text: string | undefined): ManagedText {
  const before = text ?? "";
  const lineEnd = /\r\n[^\n]*$/.test(before) ? "\r\n" : "\n";
  const cut = before !== "" && !before.endsWith("\n");
  return {
    before: cut ? before + lineEnd : before,
    sections: new Map(),
    after: "",
    origin: text === undefined ? "new" : cut ? "cut" : "whole",
    lineEnd,
  };
}

/**
 * The block of a text; undefined if there is none.
 *
 * @throws {ConfigError} when the marks do not match, or when stsaval did not write a line between them
 */
export function findBlock(text: string, file: string): ManagedText | undefined {
  const marks = [...linesOf(text)].filter((line) => isMark(line.text));
  const [begin, end, another] = marks;
  if (begin === undefined) return undefined;
  const origin = originOf(begin.text);
  if (origin === undefined) failMark(file, begin, "found a changed mark, or an end mark alone");
  if (end === undefined) failMark(file, begin, "found no end of the block that begins here");
  if (end.text.trimEnd() !== endMark) failMark(file, end, "found a second block inside the first");
  if (another !== undefined) failMark(file, another, "found a second block");
  const inside = text.slice(begin.next, end.start);
  return {
    before: text.slice(0, begin.start),
    sections: readSections(inside, file, begin.number),
    after: text.slice(end.next),
    origin,
    lineEnd: text.slice(begin.start, begin.next).endsWith("\r\n") ? "\r\n" : "\n",
  };
}

/** The text with its block. */
export function formatBlock({ before, sections, after, origin, lineEnd }: ManagedText): string {
  const lines = `${beginLines[origin]}\n${[...sections.values()].join("\n")}${endMark}\n`;
  return before + lines.replaceAll("\n", lineEnd) + after;
}

/** The text as it was before the block was added; undefined if there was no file. */
export function withoutBlock(
  { before, after, origin, lineEnd }: ManagedText,
): string | undefined {
  // Text added since is kept, and must not be joined to the line above.
  if (after !== "") return before + after;
  if (origin === "new" && before === "") return undefined;
  const cut = origin === "cut" && before.endsWith(lineEnd);
  return cut ? before.slice(0, -lineEnd.length) : before;
}

function isMark(line: string): boolean {
  return line.startsWith(beginMark) || line.startsWith(endMark);
}

function originOf(line: string): Origin | undefined {
  const origins: readonly Origin[] = ["whole", "cut", "new"];
  return origins.find((origin) => beginLines[origin] === line.trimEnd());
}

function readSections(
  inside: string,
  file: string,
  lineBefore: number,
): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let name: string | undefined;
  let wanted = endsLine;
  for (const line of linesOf(inside)) {
    const text = line.text.trimEnd();
    if (text === "") continue;
    const header = /^\[(.+)\]$/.exec(text)?.[1];
    if (header !== undefined && writtenName(header) === header && !sections.has(header)) {
      name = header;
      wanted = endsLine;
      sections.set(name, `${text}\n`);
    } else if (name !== undefined && wanted.test(text)) {
      wanted = settingLine;
      sections.set(name, `${sections.get(name)}${text}\n`);
    } else {
      failForeign(file, lineBefore + line.number);
    }
  }
  return sections;
}

function failForeign(file: string, line: number): never {
  throw new ConfigError(
    "Cannot change",
    { file, line },
    "found a line that 'stsaval write' did not write, between its marks",
    { hint: `move it above the line "${beginMark}", or below the line "${endMark}"` },
  );
}

function failMark(file: string, { number }: Line, found: string): never {
  throw new ConfigError(
    "Cannot change",
    { file, line: number },
    `${found}, wanted one block between the marks of 'stsaval write'`,
    { hint: `remove by hand what is between "${beginMark}" and "${endMark}"` },
  );
}
