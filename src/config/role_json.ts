/**
 * Role definitions as JSON, in the shape that `refactor` gives: profile names, and settings in AWS's spelling.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import type { IniFile, IniSection, IniSetting } from "./ini.ts";
import { isVisible } from "./section_header.ts";

/**
 * The profiles as sections.
 *
 * @throws {ConfigError} when it is not JSON, or has another shape
 */
export function parseRoleJson(text: string, file: string): IniFile {
  const profiles = asRecord(parseJson(text, file));
  if (profiles === undefined) fail(file, "the file", "an object of profiles");
  const sections = Object.entries(profiles).map(([name, settings]) =>
    toSection(name, settings, file)
  );
  return { sections, findings: [] };
}

function toSection(name: string, value: unknown, file: string): IniSection {
  const fields = asRecord(value);
  if (!isVisible(name)) fail(file, "the name of a profile", "visible characters on one line");
  if (fields === undefined) fail(file, `"${name}"`, 'an object such as {"key": "value"}');
  const settings = new Map<string, IniSetting>();
  for (const [spelling, value] of Object.entries(fields)) {
    if (typeof value === "object") fail(file, `"${spelling}" of "${name}"`, "text or a number");
    const key = spelling.toLowerCase();
    settings.set(key, { key, value: String(value).trim(), place: { file } });
  }
  return { kind: "profile", name, place: { file }, settings };
}

/** The parser's own message is not shown: it quotes the text, which may hold a secret. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? [];
    const place = line === undefined ? {} : { line: Number(line), column: Number(column) };
    throw new ConfigError("Cannot read", { file, ...place }, "it begins with {, but is not JSON");
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? value as Record<string, unknown> : undefined;
}

function fail(file: string, found: string, wanted: string): never {
  throw new ConfigError("Cannot read", { file }, `${found} is something else, wanted ${wanted}`);
}
