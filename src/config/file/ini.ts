/**
 * Parses the INI dialect of AWS's files into sections, with the line of every setting.
 *
 * @module
 */

import { parse } from "@std/ini";
import type { FilePlace } from "../../errors.ts";
import {
  type ConfigWarning,
  continuationMark,
  type PlainSection,
  plainSections,
} from "./plain_ini.ts";
import type { HeaderKind, IniKind } from "./section_header.ts";
import { readNested } from "./setting_line.ts";

export type { ConfigWarning } from "./plain_ini.ts";
export type { IniKind } from "./section_header.ts";

/** A setting. */
export interface IniSetting {
  /** In lower case. */
  readonly key: string;
  /** Continued lines are joined with line feeds. */
  readonly value: string;
  readonly place: FilePlace;
  /** The nested settings: those indented below a setting with an empty value. */
  readonly nested?: ReadonlyMap<string, IniSetting>;
}

/** A section; those of the same kind and name are merged. */
export interface IniSection {
  readonly kind: "profile" | "sso-session" | "services" | "stsaval-group";
  readonly name: string;
  /** Its first header. */
  readonly place: FilePlace;
  /** Of a profile, they are parsed whenever they are asked for: those of a large file are never in memory at once. */
  readonly settings: ReadonlyMap<string, IniSetting>;
  /** Lines that cannot be read, each with its place: whoever uses the section may be missing what they say. */
  readonly problems?: readonly string[];
}

/** What a file holds. */
export interface IniFile {
  readonly sections: readonly IniSection[];
  /** What was ignored, in line order. */
  readonly warnings: readonly ConfigWarning[];
}

/** What stands below one header, as plain INI. */
interface Body {
  /** The line of the header. */
  readonly line: number;
  readonly text: string;
}

/** Of most sections: one list for all. */
const none: readonly string[] = [];

/** A section that may be continued below another header of its name. Its text alone is kept. */
class OpenSection implements IniSection {
  readonly kind: IniSection["kind"];
  readonly name: string;
  readonly place: FilePlace & { readonly line: number };
  problems: readonly string[] = none;
  /** What stands below the first header, as plain INI. */
  readonly #text: string;
  /** What stands below the others. */
  #more: Body[] | undefined;

  constructor(file: string, section: PlainSection) {
    const { kind, name, line, body, problems } = section;
    this.kind = kind === "default" ? "profile" : kind;
    this.name = name;
    this.place = { file, line };
    this.#text = body.join("\n");
    if (problems.length > 0) this.problems = problems;
  }

  get bodies(): readonly Body[] {
    return [{ line: this.place.line, text: this.#text }, ...this.#more ?? []];
  }

  append({ line, body, problems }: PlainSection): void {
    this.#more ??= [];
    this.#more.push({ line, text: body.join("\n") });
    if (problems.length > 0) this.problems = [...this.problems, ...problems];
  }

  get settings(): ReadonlyMap<string, IniSetting> {
    const settings = new Map<string, OpenSetting>();
    // Every value in the text is quoted, so it is parsed as text.
    for (const { line, text } of this.bodies) {
      addSettings(settings, { ...this.place, line }, parse(text) as Record<string, string>);
    }
    return settings;
  }
}

/** A setting whose value may continue on the next line. */
interface OpenSetting {
  readonly key: string;
  value: string;
  readonly place: FilePlace;
  nested?: Map<string, IniSetting>;
}

/**
 * The sections of a file.
 *
 * @throws {ConfigError} when there is a setting before any section, or the text is not UTF-8
 */
export function parseIni(
  text: string,
  options: { readonly file: string; readonly kind: IniKind },
): IniFile {
  const { file } = options;
  const warnings: ConfigWarning[] = [];
  const sections: OpenSection[] = [];
  const byKind = new Map<HeaderKind, Map<string, OpenSection>>();
  const repeated = new Map<OpenSection, SetLines>();
  for (const section of plainSections(text, options, warnings)) {
    const { kind, name, line, body } = section;
    const ofKind = byKind.get(kind) ?? new Map<string, OpenSection>();
    byKind.set(kind, ofKind);
    const known = ofKind.get(name);
    const lines = (known && (repeated.get(known) ?? linesOf(known))) ?? new Map<string, number>();
    noteReplaced({ file, line }, body, lines, warnings);
    if (known === undefined) {
      const opened = new OpenSection(file, section);
      sections.push(opened);
      ofKind.set(name, opened);
    } else {
      repeated.set(known, lines);
      known.append(section);
    }
  }
  const shadowed = shadowedDefault(byKind, warnings);
  const counting = sections.filter((section) => section !== shadowed);
  return { sections: counting.map(closeSection), warnings: inOrder(warnings) };
}

/** The settings of profiles are parsed when they are asked for; those of other sections, which many profiles use, now. */
function closeSection(section: OpenSection): IniSection {
  if (section.kind === "profile") return section;
  const { kind, name, place, problems, settings } = section;
  return { kind, name, place, problems, settings };
}

/** The line of each setting that is set so far. */
type SetLines = Map<string, number>;

function linesOf({ place: { file }, bodies }: OpenSection): SetLines {
  const lines: SetLines = new Map();
  for (const { line, text } of bodies) noteReplaced({ file, line }, text.split("\n"), lines, []);
  return lines;
}

/** Warns of each setting that the rows of a body, which begins below that place, set again. */
function noteReplaced(
  { file, line: start = 0 }: FilePlace,
  rows: readonly string[],
  lines: SetLines,
  warnings: ConfigWarning[],
): void {
  for (const row of rows) {
    const space = row.indexOf(" ");
    const key = row.slice(space + 1, row.indexOf(" = ", space));
    if (key === continuationMark) continue;
    const [line, older] = [start + Number(row.slice(0, space)), lines.get(key)];
    lines.set(key, line);
    if (older === undefined) continue;
    const message = `setting ignored: "${key}" is set again at line ${line}`;
    warnings.push({ place: { file, line: older }, message, byRule: true });
  }
}

function addSettings(
  settings: Map<string, OpenSetting>,
  { file, line: start = 0 }: FilePlace,
  lines: Readonly<Record<string, string>>,
): void {
  let last: OpenSetting | undefined;
  for (const [name, encoded] of Object.entries(lines)) {
    const space = name.indexOf(" ");
    const key = name.slice(space + 1);
    const line = start + Number(name.slice(0, space));
    const value = decodeValue(encoded);
    const place = { file, line };
    if (key === continuationMark && last !== undefined) {
      continueSetting(last, value, place);
    } else {
      last = { key, value, place };
      settings.set(key, last);
    }
  }
}

/** The plain INI holds JSON strings, whose quotes the INI parser removes. */
function decodeValue(encoded: string): string {
  return encoded.includes("\\") ? JSON.parse(`"${encoded}"`) : encoded;
}

function continueSetting(setting: OpenSetting, text: string, place: FilePlace): void {
  if (setting.value === "") setting.nested = new Map();
  setting.value += `\n${text}`;
  if (setting.nested === undefined) return;
  const found = readNested(text);
  if ("found" in found) return;
  setting.nested.set(found.key, { key: found.key, value: found.value, place });
}

/** A `[profile default]` takes precedence over `[default]`. */
function shadowedDefault(
  byKind: ReadonlyMap<HeaderKind, ReadonlyMap<string, OpenSection>>,
  warnings: ConfigWarning[],
): OpenSection | undefined {
  const bare = byKind.get("default")?.get("default");
  const prefixed = byKind.get("profile")?.get("default");
  if (bare === undefined || prefixed === undefined) return undefined;
  const message =
    `section ignored: "[profile default]" at line ${prefixed.place.line} takes precedence`;
  warnings.push({ place: bare.place, message, section: "default" });
  return bare;
}

function inOrder(warnings: readonly ConfigWarning[]): readonly ConfigWarning[] {
  return warnings.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0));
}
