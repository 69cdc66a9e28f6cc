/**
 * Takes the keys of a profile out of a file of AWS's, and puts them back: one line says that they are sealed, everything
 * else stays as it is, byte for byte.
 *
 * @module
 */

import { linesOf } from "./managed_block.ts";
import { type IniKind, readHeader } from "./section_header.ts";
import { isComment, readSetting } from "./setting_line.ts";
import { settingNames } from "./setting_names.ts";

/** The lines that a file had before one line took their place. */
export interface RemovedLines {
  /** The path of the file. */
  readonly file: string;
  /** The line in their place, without its end. */
  readonly marker: string;
  /** In file order; the marker stands where the first of those of the profile stood. */
  readonly lines: readonly RemovedLine[];
}

/** A line that was taken out. */
export interface RemovedLine {
  /** Its number in the file as it was, from 1. */
  readonly number: number;
  /** With its end. In those of the profile, `\0id` and `\0secret` stand for the key. */
  readonly text: string;
  /** Present for a comment that named the key. */
  readonly isComment?: true;
}

/** A key whose lines are moved. */
export interface MovedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Which profile, in which file. */
export interface ProfileLines {
  readonly profile: string;
  readonly kind: IniKind;
}

/** A file without the keys of a profile. */
export interface TakenOut {
  readonly text: string;
  readonly lines: readonly RemovedLine[];
  /** The lines, by their numbers in the new text, that hold the key still, as another profile's may. */
  readonly left: readonly number[];
}

/** A line of a file, with its end, and what it is. */
interface FileLine {
  readonly text: string;
  readonly number: number;
  /** Whether it is in a section of the profile. */
  readonly isInside: boolean;
  readonly isHeader: boolean;
}

const keyNames: readonly string[] = [settingNames.accessKeyId, settingNames.secretAccessKey];
const stand = { id: "\0id", secret: "\0secret" } as const;

/** The line that says that keys are sealed. */
export function sealedLine(opener: string): string {
  return `${settingNames.sealedKeys} = ${opener}`;
}

/** The text without the lines of the key, and without the comments that name it. */
export function takeOutKeys(
  text: string,
  place: ProfileLines,
  key: MovedKey,
  marker: string,
): TakenOut {
  const lines = fileLines(text, place);
  const isOwn = (line: FileLine) => line.isInside && isKeyLine(line.text, key);
  const first = lines.find(isOwn);
  const removed = lines.flatMap((line): RemovedLine[] => {
    if (isOwn(line)) return [{ number: line.number, text: withStands(line.text, key) }];
    return isComment(line.text.trim()) && holds(line.text, key)
      ? [{ number: line.number, text: line.text, isComment: true }]
      : [];
  });
  const numbers = new Set(removed.map(({ number }) => number));
  const kept = lines.flatMap((line) =>
    line === first ? [`${marker}${endOf(line.text)}`] : numbers.has(line.number) ? [] : [line.text]
  );
  const left = kept.flatMap((line, index) => holds(line, key) ? [index + 1] : []);
  return { text: joined(kept), lines: removed, left };
}

/** The lines of a profile that set keys, by their numbers. */
export function keyLines(text: string, place: ProfileLines): readonly number[] {
  const lines = fileLines(text, place);
  const isKey = (line: FileLine) => line.isInside && keyNames.includes(settingOf(line.text) ?? "");
  return lines.filter(isKey).map(({ number }) => number);
}

/**
 * The text with the lines in place of the marker. Where nothing else has changed it is what it was, byte for byte;
 * undefined where the profile has no such marker.
 */
export function putKeysBack(
  text: string,
  place: ProfileLines,
  removed: readonly RemovedLine[],
  key: MovedKey,
): string | undefined {
  const lines = fileLines(text, place);
  const at = lines.findIndex(isMarker);
  const marker = lines[at];
  if (marker === undefined) return undefined;
  const own = removed.filter(({ isComment }) => !isComment);
  const known = own.length > 0 ? removed : usualLines(at + 1, endOf(marker.text));
  const others = lines.filter((line) => line !== marker).map(({ text }) => text);
  const exact = inserted(others, known, key, (number) => number - 1);
  if (takeOutKeys(exact, place, key, marker.text.trimEnd()).text === text) return exact;
  const first = known.find(({ isComment }) => !isComment)?.number ?? 1;
  const above = known.filter(({ number }) => number < first).length;
  // How far the marker has moved since.
  const shift = at - (first - 1 - above);
  const end = sectionEnd(lines, at);
  return inserted(
    others,
    known,
    key,
    (number, added, isComment) =>
      shift === 0 || !isComment ? Math.min(number - 1 + shift, end - 1 + added) : at + added,
  );
}

function inserted(
  others: readonly string[],
  removed: readonly RemovedLine[],
  key: MovedKey,
  indexOf: (number: number, added: number, isComment: boolean) => number,
): string {
  const result = [...others];
  for (const [added, { number, text, isComment = false }] of removed.entries()) {
    result.splice(Math.max(0, indexOf(number, added, isComment)), 0, withKey(text, key));
  }
  return joined(result);
}

/** The text with the marker: in the section of the profile, or in a new one at the end. */
export function addMarker(text: string, place: ProfileLines, marker: string): string {
  const lines = fileLines(text, place);
  const end = /\r\n/.test(text) ? "\r\n" : "\n";
  const header = lines.findLast(({ isHeader, isInside }) => isHeader && isInside);
  if (header === undefined) {
    const gap = text === "" ? "" : /[\r\n]$/.test(text) ? end : end + end;
    return `${text}${gap}[${place.profile}]${end}${marker}${end}`;
  }
  const texts = lines.map(({ text }) => text);
  texts.splice(header.number, 0, `${marker}${end}`);
  return joined(texts);
}

/** The text without the marker, and without a section that held nothing else. */
export function removeMarker(text: string, place: ProfileLines): string {
  const lines = fileLines(text, place);
  const at = lines.findIndex(isMarker);
  if (at < 0) return text;
  const header = lines[at - 1];
  const isAlone = header?.isHeader && sectionEnd(lines, at) === at + 1;
  const gap = isAlone && lines[at - 2]?.text.trim() === "" && at - 2 > 0 ? 1 : 0;
  const from = isAlone ? at - 1 - gap : at;
  return joined(lines.filter((_, index) => index < from || index > at).map(({ text }) => text));
}

function* withEnds(text: string): Generator<string> {
  for (const { start, next } of linesOf(text)) {
    if (next > start) yield text.slice(start, next);
  }
}

function fileLines(text: string, { profile, kind }: ProfileLines): readonly FileLine[] {
  let isInside = false;
  return Array.from(withEnds(text), (line, index) => {
    const shown = line.replace(/^\ufeff/, "").trim();
    const isHeader = shown.startsWith("[");
    if (isHeader) {
      const header = readHeader(shown, kind);
      isInside = "name" in header && header.name === profile &&
        (header.kind === "profile" || header.kind === "default");
    }
    return { text: line, number: index + 1, isInside, isHeader };
  });
}

/** The key of the setting on a line; that of a comment, or of a heading, is no setting's. */
function settingOf(line: string): string | undefined {
  const setting = readSetting(line.trim());
  return "key" in setting ? setting.key : undefined;
}

/** An indented line may belong to another setting: it is the key's only if it holds it. */
function isKeyLine(line: string, key: MovedKey): boolean {
  if (!keyNames.includes(settingOf(line) ?? "")) return false;
  return !/^\s/.test(line) || holds(line, key);
}

function isMarker({ isInside, text }: FileLine): boolean {
  return isInside && settingOf(text) === settingNames.sealedKeys;
}

function holds(line: string, { accessKeyId, secretAccessKey }: MovedKey): boolean {
  return line.includes(accessKeyId) || line.includes(secretAccessKey);
}

/** How many lines the file has up to the end of the section that line `at` is in. */
function sectionEnd(lines: readonly FileLine[], at: number): number {
  const next = lines.findIndex(({ isHeader }, index) => index > at && isHeader);
  return next < 0 ? lines.length : next;
}

function usualLines(number: number, end: string): readonly RemovedLine[] {
  return [
    { number, text: `${settingNames.accessKeyId} = ${stand.id}${end}` },
    { number: number + 1, text: `${settingNames.secretAccessKey} = ${stand.secret}${end}` },
  ];
}

function withStands(line: string, { accessKeyId, secretAccessKey }: MovedKey): string {
  return line.replaceAll(secretAccessKey, stand.secret).replaceAll(accessKeyId, stand.id);
}

function withKey(line: string, { accessKeyId, secretAccessKey }: MovedKey): string {
  return line.replaceAll(stand.secret, () => secretAccessKey).replaceAll(
    stand.id,
    () => accessKeyId,
  );
}

function endOf(line: string): string {
  return /\r\n$|\n$|\r$/.exec(line)?.[0] ?? "";
}

/** Lines one after another: one that had no end, since it was the last, gets one where it no longer is. */
function joined(lines: readonly string[]): string {
  const end = lines.some((line) => line.endsWith("\r\n")) ? "\r\n" : "\n";
  return lines.map((line, index) =>
    index < lines.length - 1 && endOf(line) === "" ? `${line}${end}` : line
  ).join("");
}
