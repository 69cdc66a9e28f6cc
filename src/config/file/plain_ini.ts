/**
 * Translates the INI dialect of AWS's files into sections of plain INI for a standard parser.
 *
 * Every key is prefixed with its line number, so that no key of a section appears twice; every value is a JSON string.
 *
 * @module
 */

import { ConfigError, type FilePlace } from "../../errors.ts";
import { quoteValue } from "./quote.ts";
import {
  type HeaderKind,
  type IniKind,
  legalName,
  legalNameWords,
  readHeader,
} from "./section_header.ts";

/** Something that was read but ignored. */
export interface ConfigWarning {
  readonly place: FilePlace;
  readonly message: string;
  /** The profile that an ignored section may be meant for. */
  readonly section?: string;
  /** True for normal precedence: a later setting or another file overrides it, or it is empty. */
  readonly byRule?: true;
}

/** A section whose settings are plain INI. */
export interface PlainSection {
  readonly kind: HeaderKind;
  readonly name: string;
  readonly line: number;
  /** Lines such as `2 region = "eu-west-1"` for a setting two lines below the header. */
  readonly body: readonly string[];
}

/** Replaces the key on a line that continues the value above it. No key can have this name. */
export const continuationMark = ">";

const wantedSection = 'a section, such as "[profile name]", first';
const wantedSetting = '"key = value"';

/**
 * Yields the valid sections one by one, so that a large file is never in memory twice. Ignored lines are added to
 * `warnings`.
 *
 * @throws {ConfigError} when a line cannot be read
 */
export function* plainSections(
  text: string,
  { file, kind }: { readonly file: string; readonly kind: IniKind },
  warnings: ConfigWarning[],
): Generator<PlainSection> {
  const translator = new Translator(file, kind, warnings);
  let number = 0;
  for (const line of linesOf(text)) {
    const ended = translator.translate(line, ++number);
    if (ended !== undefined) yield ended;
  }
  const last = translator.end();
  if (last !== undefined) yield last;
}

/** Lines without their terminators, and without the byte order mark. */
function* linesOf(text: string): Generator<string> {
  const clean = text.replace(/^\ufeff/, "").replaceAll(/\r\n?/g, "\n");
  for (let start = 0; start <= clean.length;) {
    const found = clean.indexOf("\n", start);
    const end = found < 0 ? clean.length : found;
    yield clean.slice(start, end);
    start = end + 1;
  }
}

/** The setting that indented lines belong to. */
interface OpenSetting {
  readonly key: string;
  /** Its own value is empty: indented lines below it are nested settings. */
  readonly nested: boolean;
  readonly ignored: boolean;
}

/** The section that lines belong to. */
interface OpenSection extends PlainSection {
  readonly body: string[];
  readonly ignored: boolean;
}

class Translator {
  readonly #file: string;
  readonly #kind: IniKind;
  readonly #warnings: ConfigWarning[];
  #section: OpenSection | undefined;
  #setting: OpenSetting | undefined;

  constructor(file: string, kind: IniKind, warnings: ConfigWarning[]) {
    this.#file = file;
    this.#kind = kind;
    this.#warnings = warnings;
  }

  /** Processes the next line; returns the section that ends there, unless it is ignored. */
  translate(line: string, number: number): PlainSection | undefined {
    if (isComment(line) || line.trim() === "") return undefined;
    if (line.startsWith("[")) {
      const ended = this.end();
      this.#section = this.#openSection(line, number);
      return ended;
    }
    if (/^\s/.test(line)) this.#addContinuation(line, number);
    else this.#addSetting(line, number);
    return undefined;
  }

  /** Returns the section that ends with the file, unless it is ignored. */
  end(): PlainSection | undefined {
    const section = this.#section;
    this.#setting = undefined;
    return section?.ignored ? undefined : section;
  }

  #openSection(line: string, number: number): OpenSection {
    const header = readHeader(line, this.#kind);
    if ("found" in header) this.#fail(number, header.column, header.found, header.wanted);
    const ignored = "ignored" in header;
    if (!ignored) return { ...header, line: number, body: [], ignored };
    const [text = ""] = line.match(/^[^\]]*\]?/) ?? [];
    const { meant, byRule } = header;
    this.#note(number, `section ${quoteValue(text)} ignored: ${header.ignored}`, {
      ...(meant === undefined ? {} : { section: meant }),
      ...(byRule === undefined ? {} : { byRule }),
    });
    return { kind: "profile", name: "", line: number, body: [], ignored };
  }

  #addSetting(line: string, number: number): void {
    const section = this.#section;
    if (section === undefined) this.#fail(number, 1, "a setting before any section", wantedSection);
    const content = withoutComment(line);
    const equals = content.indexOf("=");
    if (equals < 0) this.#fail(number, 1, describeLine(content), wantedSetting);
    const key = content.slice(0, equals).trim().toLowerCase();
    const value = content.slice(equals + 1).trim();
    if (key === "") this.#fail(number, 1, '"=" without a key', wantedSetting);
    const ignored = !legalName.test(key);
    this.#setting = { key, nested: value === "", ignored };
    if (ignored) this.#note(number, `setting ignored: a key may contain only ${legalNameWords}`);
    else section.body.push(`${number - section.line} ${key} = ${JSON.stringify(value)}`);
  }

  #addContinuation(line: string, number: number): void {
    const [text, column] = [line.trim(), line.search(/\S/) + 1];
    const [section, setting] = [this.#section, this.#setting];
    if (section === undefined) {
      this.#fail(number, column, "a line before any section", wantedSection);
    }
    if (setting === undefined) {
      const wanted = `${wantedSetting} at the start of the line`;
      this.#fail(number, column, "an indented line with no setting above it", wanted);
    }
    if (setting.nested && isComment(text)) return;
    if (setting.nested) this.#checkNested(text, number, column);
    else if (/^[#;[]|=/.test(text)) {
      this.#note(number, `line is part of the value of "${setting.key}", since it is indented`);
    }
    if (setting.ignored) return;
    section.body.push(`${number - section.line} ${continuationMark} = ${JSON.stringify(text)}`);
  }

  #checkNested(text: string, number: number, column: number): void {
    const content = withoutComment(text);
    const equals = content.indexOf("=");
    const wanted = `${wantedSetting} inside "${this.#setting?.key}"`;
    if (equals < 0) this.#fail(number, column, describeLine(content), wanted);
    if (equals === 0) this.#fail(number, column, '"=" without a key', wanted);
  }

  #note(line: number, message: string, more: Pick<ConfigWarning, "section" | "byRule"> = {}): void {
    this.#warnings.push({ place: { file: this.#file, line }, message, ...more });
  }

  #fail(line: number, column: number, found: string, wanted: string): never {
    const place = { file: this.#file, line, column };
    throw new ConfigError("Cannot read", place, `found ${found}, wanted ${wanted}`);
  }
}

function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith(";");
}

/** A `#` or `;` begins a comment only after white space. */
export function withoutComment(line: string): string {
  const start = line.search(/\s[#;]/);
  return start < 0 ? line : line.slice(0, start);
}

/** An invalid line may be a secret, so only a first word that looks like a key is shown. */
function describeLine(line: string): string {
  const word = /^([a-z_]{1,40})(?=\s|:)/.exec(line)?.[1];
  return word === undefined ? 'a line without "="' : `"${word}" without "="`;
}
