/**
 * Translates the INI dialect of AWS's files into sections of plain INI for a standard parser.
 *
 * Every key is prefixed with its line number, so that no key of a section appears twice; every value is a JSON string.
 *
 * @module
 */

import { ConfigError, type FilePlace, formatPlace } from "../../errors.ts";
import { quoteKey, quoteValue } from "./quote.ts";
import { refuseOtherEncodings } from "./encoding.ts";
import { isComment, readNested, readSetting } from "./setting_line.ts";
import {
  type HeaderKind,
  type IniKind,
  legalKey,
  legalKeyWords,
  readHeader,
} from "./section_header.ts";

/** Something that was read but ignored. */
export interface ConfigWarning {
  readonly place: FilePlace;
  readonly message: string;
  /** The profile whose section it is in. */
  readonly profile?: string;
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
  /** Lines that cannot be read, with their places: what they were meant to say is not known. */
  readonly problems: readonly string[];
}

/** Replaces the key on a line that continues the value above it. No key can have this name. */
export const continuationMark = ">";

const wantedSection = 'a section, such as "[profile name]", first';
const wantedSetting = '"key = value"';

/**
 * Yields the valid sections one by one, so that a large file is never in memory twice. Ignored lines are added to
 * `warnings`.
 *
 * @throws {ConfigError} when there is a setting before any section, or the text is not UTF-8
 */
export function* plainSections(
  text: string,
  { file, kind }: { readonly file: string; readonly kind: IniKind },
  warnings: ConfigWarning[],
): Generator<PlainSection> {
  refuseOtherEncodings(text, file);
  const translator = new Translator(file, kind, warnings);
  let number = 0;
  for (const line of linesOf(text)) {
    const ended = translator.translate(line, ++number);
    if (ended !== undefined) yield ended;
  }
  const last = translator.end();
  if (last !== undefined) yield last;
}

/** Lines without their terminators, and without byte order marks: `cat a b` leaves one inside. */
function* linesOf(text: string): Generator<string> {
  const clean = text.replaceAll(/\r\n?/g, "\n");
  for (let start = 0; start <= clean.length;) {
    const found = clean.indexOf("\n", start);
    const end = found < 0 ? clean.length : found;
    yield clean.slice(start, end).replace(/^([ \t]*)\ufeff+/, "$1");
    start = end + 1;
  }
}

/** The setting that lines which are indented further belong to. */
interface OpenSetting {
  readonly key: string;
  readonly indent: number;
  /** Its own value is empty: indented lines below it are nested settings. */
  readonly nested: boolean;
  readonly ignored: boolean;
}

/** The section that lines belong to. */
interface OpenSection extends PlainSection {
  readonly body: string[];
  readonly problems: string[];
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
    const text = line.trim();
    if (text === "" || isComment(text)) return undefined;
    const indent = line.search(/\S/);
    if (this.#setting !== undefined && indent > this.#setting.indent) {
      this.#addContinuation(text, number, indent, this.#setting);
      return undefined;
    }
    if (!text.startsWith("[")) {
      this.#addSetting(text, number, indent);
      return undefined;
    }
    const ended = this.end();
    this.#section = this.#openSection(text, number);
    return ended;
  }

  /** Returns the section that ends with the file, unless it is ignored. */
  end(): PlainSection | undefined {
    const section = this.#section;
    this.#setting = undefined;
    return section?.ignored ? undefined : section;
  }

  #openSection(text: string, number: number): OpenSection {
    const header = readHeader(text, this.#kind);
    const rest = { line: number, body: [], problems: [] };
    if (!("ignored" in header)) return { ...header, ...rest, ignored: false };
    // A line without "]" may be anything, a secret too.
    const [shown] = text.match(/^[^\]]*\]/) ?? [];
    const { meant, byRule, ignored } = header;
    this.#warnings.push({
      place: { file: this.#file, line: number },
      message: `section${shown === undefined ? "" : ` ${quoteValue(shown)}`} ignored: ${ignored}`,
      ...(meant === undefined ? {} : { section: meant }),
      ...(byRule === undefined ? {} : { byRule }),
    });
    return { kind: "profile", name: "", ...rest, ignored: true };
  }

  #addSetting(text: string, number: number, indent: number): void {
    const section = this.#section ?? this.#failBeforeSection(number, indent + 1);
    const setting = readSetting(text);
    if ("found" in setting) return this.#addProblem(section, number, indent + 1, setting.found);
    const { key, value, separator } = setting;
    const ignored = !legalKey.test(key);
    this.#setting = { key, indent, nested: value === "", ignored };
    if (ignored) {
      return this.#note(number, `setting ignored: a key may contain only ${legalKeyWords}`);
    }
    section.body.push(`${number - section.line} ${key} = ${JSON.stringify(value)}`);
    if (separator === "=") return;
    this.#note(number, `${quoteKey(key)} ends in ":", which only the AWS CLI reads, wanted "="`);
  }

  #addContinuation(text: string, number: number, indent: number, setting: OpenSetting): void {
    const section = this.#section;
    if (section === undefined) return;
    const { key, nested, ignored } = setting;
    if (nested) this.#checkNested(section, text, number, indent + 1);
    else if (/^\[|=/.test(text)) {
      const why = "since it is indented";
      this.#note(number, `line is part of the value of ${quoteKey(key)}, ${why}`);
    }
    if (ignored) return;
    section.body.push(`${number - section.line} ${continuationMark} = ${JSON.stringify(text)}`);
  }

  #checkNested(section: OpenSection, text: string, line: number, column: number): void {
    const setting = readNested(text);
    if (!("found" in setting)) return;
    const what = `found ${setting.found}, wanted ${wantedSetting}`;
    this.#note(line, `line ignored: column ${column}: ${what} inside another setting`);
    // Profiles have nothing of ours in there; a services section has the endpoints.
    if (section.kind !== "services") return;
    section.problems.push(`${formatPlace({ file: this.#file, line, column })}: ${what}`);
  }

  /** The line may have been meant to say anything, so its section cannot be used; what stands in others can. */
  #addProblem(section: OpenSection, line: number, column: number, found: string): void {
    this.#setting = undefined;
    const place = formatPlace({ file: this.#file, line, column });
    section.problems.push(`${place}: found ${found}, wanted ${wantedSetting}`);
    this.#note(line, `column ${column}: found ${found}, wanted ${wantedSetting}`);
  }

  /** What a section holds that is ignored itself is of no interest. */
  #note(line: number, message: string): void {
    const { ignored, kind, name = "" } = this.#section ?? {};
    if (ignored) return;
    const isProfile = kind === "profile" || kind === "default";
    this.#warnings.push({
      place: { file: this.#file, line },
      message,
      ...(isProfile ? { profile: name } : {}),
    });
  }

  #failBeforeSection(line: number, column: number): never {
    throw new ConfigError(
      "Cannot read",
      { file: this.#file, line, column },
      `found a setting before any section, wanted ${wantedSection}`,
    );
  }
}
