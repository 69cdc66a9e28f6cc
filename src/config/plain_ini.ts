/**
 * Turns the INI dialect of AWS's files into plain INI, a line for a line, so that an ordinary parser can read it.
 *
 * Every name gets its line number in front, so that nothing in the plain text appears twice; every value is a JSON
 * string. Lines that hold nothing become empty.
 *
 * @module
 */

import { ConfigError, type FilePlace } from "../errors.ts";
import { type IniKind, legalName, legalNameWords, readHeader } from "./section_header.ts";

/** Something that was read but does not count, for a later look at what is wrong with the files. */
export interface Finding {
  readonly place: FilePlace;
  readonly message: string;
}

/** The plain text, and what was left out of it. */
export interface PlainIni {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Stands in place of a key for a line that continues the value above it. No key can have this name. */
export const continuationMark = ">";

/** Stands in place of the kind for a section that does not count. */
export const ignoredMark = "ignored";

const wantedSection = 'a section, such as "[profile name]", first';
const wantedSetting = '"key = value"';

/**
 * The text as plain INI.
 *
 * @throws {ConfigError} when a line cannot be read
 */
export function toPlainIni(text: string, file: string, kind: IniKind): PlainIni {
  const translator = new Translator(file, kind);
  const withoutMark = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = withoutMark.split(/\r\n|\n|\r/);
  const plain = lines.map((line, index) => translator.translate(line, index + 1));
  return { text: plain.join("\n"), findings: translator.findings };
}

/** The setting that indented lines belong to. */
interface OpenSetting {
  readonly key: string;
  /** Its own value is empty: what is indented below it are settings inside it. */
  readonly nested: boolean;
  readonly ignored: boolean;
}

class Translator {
  readonly findings: Finding[] = [];
  readonly #file: string;
  readonly #kind: IniKind;
  #inSection = false;
  #setting: OpenSetting | undefined;

  constructor(file: string, kind: IniKind) {
    this.#file = file;
    this.#kind = kind;
  }

  translate(line: string, number: number): string {
    if (line.trim() === "" || isComment(line)) return "";
    if (line.startsWith("[")) return this.#translateSection(line, number);
    if (/^\s/.test(line)) return this.#translateContinuation(line, number);
    return this.#translateSetting(line, number);
  }

  #translateSection(line: string, number: number): string {
    const header = readHeader(line, this.#kind);
    if ("found" in header) this.#fail(number, header.column, header.found, header.wanted);
    this.#inSection = true;
    this.#setting = undefined;
    if ("ignored" in header) {
      this.#note(number, header.ignored);
      return `[${number} ${ignoredMark}]`;
    }
    return `[${number} ${header.kind} ${header.name}]`;
  }

  #translateSetting(line: string, number: number): string {
    if (!this.#inSection) this.#fail(number, 1, "a setting before any section", wantedSection);
    const content = withoutComment(line);
    const equals = content.indexOf("=");
    if (equals < 0) this.#fail(number, 1, describeLine(content), wantedSetting);
    const key = content.slice(0, equals).trim().toLowerCase();
    const value = content.slice(equals + 1).trim();
    if (key === "") this.#fail(number, 1, '"=" without a key', wantedSetting);
    const ignored = !legalName.test(key);
    this.#setting = { key, nested: value === "", ignored };
    if (!ignored) return `${number} ${key} = ${JSON.stringify(value)}`;
    this.#note(number, `setting ignored: a key has only ${legalNameWords}`);
    return "";
  }

  #translateContinuation(line: string, number: number): string {
    const text = line.trim();
    const column = line.indexOf(text) + 1;
    if (!this.#inSection) this.#fail(number, column, "a line before any section", wantedSection);
    const setting = this.#setting;
    if (setting === undefined) {
      const wanted = `${wantedSetting} at the start of the line`;
      this.#fail(number, column, "an indented line with no setting above it", wanted);
    }
    if (setting.nested && isComment(text)) return "";
    if (setting.nested) this.#checkNested(text, number, column);
    else if (/^[#;[]|=/.test(text)) {
      this.#note(number, `line is part of the value of "${setting.key}", since it is indented`);
    }
    return setting.ignored ? "" : `${number} ${continuationMark} = ${JSON.stringify(text)}`;
  }

  #checkNested(text: string, number: number, column: number): void {
    const content = withoutComment(text);
    const equals = content.indexOf("=");
    const wanted = `${wantedSetting} inside "${this.#setting?.key}"`;
    if (equals < 0) this.#fail(number, column, describeLine(content), wanted);
    if (equals === 0) this.#fail(number, column, '"=" without a key', wanted);
  }

  #note(line: number, message: string): void {
    this.findings.push({ place: { file: this.#file, line }, message });
  }

  #fail(line: number, column: number, found: string, wanted: string): never {
    const place = { file: this.#file, line, column };
    throw new ConfigError("Cannot read", place, `found ${found}, wanted ${wanted}`);
  }
}

function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith(";");
}

/** A `#` or `;` begins a comment only where white space is in front of it. */
export function withoutComment(line: string): string {
  const start = line.search(/\s[#;]/);
  return start < 0 ? line : line.slice(0, start);
}

/** A line that cannot be read may be a secret, so only a first word that looks like a key is shown. */
function describeLine(line: string): string {
  const word = /^([a-z_]{1,40})(?=\s|:)/.exec(line)?.[1];
  return word === undefined ? 'a line without "="' : `"${word}" without "="`;
}
