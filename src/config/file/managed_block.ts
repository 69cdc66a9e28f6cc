/**
 * The block of lines that stsaval keeps in a credentials file, between two marks. Its first line says how to restore
 * the text as it was before.
 *
 * The marks hold neither ":" nor "=": the AWS CLI takes a comment that does for a setting of the section above, and
 * would put that section's new settings below it, inside the block.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import { legalName } from "./section_header.ts";
import { settingNames } from "./setting_names.ts";

/** What was there before the block. */
type Origin = "whole" | "cut" | "new";

/** A text around the block. */
export interface ManagedText {
  readonly before: string;
  /** The sections of the block by name: each with its header, lines ended by line feeds. */
  readonly sections: ReadonlyMap<string, string>;
  readonly after: string;
  readonly origin: Origin;
  /** How the lines of the block end. */
  readonly lineEnd: "\n" | "\r\n";
}

/** A line of a text, without its end. */
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
/** The first line of each section: a section that somebody else made has none. */
const endsLine = /^# ends \S+$/;
/** Long-term keys are never stsaval's, wherever they stand, and cannot be had again. */
const settingLine = new RegExp(
  `^(?:${accessKeyId}\\s*=\\s*(?!AKIA)|(?:${secretAccessKey}|${sessionToken}|${region})\\s*=\\s*)\\S+$`,
);

/** The lines of a text, as every reader of the file counts them. */
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
 * The block of a text; undefined where there is none.
 *
 * @throws {ConfigError} when the marks do not match, or when a line between them is not stsaval's own
 */
export function findBlock(text: string, file: string): ManagedText | undefined {
  const marks = [...linesOf(text)].filter((line) => isMark(line.text));
  const [begin, end, another] = marks;
  if (begin === undefined) return undefined;
  const origin = originOf(begin.text);
  if (origin === undefined) failMark(file, begin, "found a mark that was changed, or an end alone");
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

/** The text as it was before the block came; undefined where there was no file. */
export function withoutBlock(
  { before, after, origin, lineEnd }: ManagedText,
): string | undefined {
  // What was added since is kept, and must not be joined to the line above.
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
    if (header !== undefined && legalName.test(header) && !sections.has(header)) {
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
    { hint: `take out by hand what lies between "${beginMark}" and "${endMark}"` },
  );
}
