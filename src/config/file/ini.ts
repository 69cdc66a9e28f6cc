/**
 * Parses the INI dialect of AWS's files into sections, with the line of every setting.
 *
 * @module
 */

import { parse } from "@std/ini";
import type { FilePlace } from "../../errors.ts";
import { type ConfigWarning, continuationMark, plainSections } from "./plain_ini.ts";
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

interface OpenSection {
  readonly kind: HeaderKind;
  readonly name: string;
  readonly place: FilePlace;
  readonly settings: Map<string, OpenSetting>;
  readonly problems: string[];
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
  const sections = new Map<string, OpenSection>();
  for (const { kind, name, line, body, problems } of plainSections(text, options, warnings)) {
    const label = `${kind} ${name}`;
    const section = sections.get(label) ??
      { kind, name, place: { file, line }, settings: new Map(), problems: [] as string[] };
    sections.set(label, section);
    for (const problem of problems) section.problems.push(problem);
    // Every value in the body is quoted, so it is parsed as text.
    addSettings(section, line, parse(body.join("\n")) as Record<string, string>, warnings);
  }
  dropShadowedDefault(sections, warnings);
  return { sections: [...sections.values()].map(closeSection), warnings: inOrder(warnings) };
}

function closeSection({ kind, ...section }: OpenSection): IniSection {
  return { ...section, kind: kind === "default" ? "profile" : kind };
}

function addSettings(
  section: OpenSection,
  start: number,
  lines: Readonly<Record<string, string>>,
  warnings: ConfigWarning[],
): void {
  let last: OpenSetting | undefined;
  for (const [name, encoded] of Object.entries(lines)) {
    const space = name.indexOf(" ");
    const key = name.slice(space + 1);
    const line = start + Number(name.slice(0, space));
    const value = decodeValue(encoded);
    const place = { file: section.place.file, line };
    if (key === continuationMark && last !== undefined) {
      continueSetting(last, value, place);
    } else {
      noteReplaced(section.settings.get(key), line, warnings);
      last = { key, value, place };
      section.settings.set(key, last);
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

function noteReplaced(
  older: OpenSetting | undefined,
  line: number,
  warnings: ConfigWarning[],
): void {
  if (older === undefined) return;
  const message = `setting ignored: "${older.key}" is set again at line ${line}`;
  warnings.push({ place: older.place, message, byRule: true });
}

/** A `[profile default]` takes precedence over `[default]`. */
function dropShadowedDefault(sections: Map<string, OpenSection>, warnings: ConfigWarning[]): void {
  const bare = sections.get("default default");
  const prefixed = sections.get("profile default");
  if (bare === undefined || prefixed === undefined) return;
  sections.delete("default default");
  const message =
    `section ignored: "[profile default]" at line ${prefixed.place.line} takes precedence`;
  warnings.push({ place: bare.place, message, section: "default" });
}

function inOrder(warnings: readonly ConfigWarning[]): readonly ConfigWarning[] {
  return warnings.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0));
}
