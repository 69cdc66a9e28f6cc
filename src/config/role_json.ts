/**
 * Role definitions as JSON, in the shape that `refactor` returns: profile names, and settings in AWS's spelling.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import type { IniFile, IniSection, IniSetting } from "./file/ini.ts";
import { isVisible } from "./file/section_header.ts";

/** True for any JSON, and for text that was meant as JSON; a line such as `[dev]` begins INI. */
export function isJson(text: string): boolean {
  return /^\ufeff?\s*\[?\s*\{/.test(text) || parses(text);
}

/**
 * The profiles as sections.
 *
 * @throws {ConfigError} when it is not JSON, or has another shape
 */
export function parseRoleJson(text: string, file: string): IniFile {
  const parsed = parseJson(text, file);
  const profiles = asRecord(parsed);
  if (profiles === undefined) fail(file, `it is ${kindOf(parsed)}`, "an object of profiles");
  const sections = Object.entries(profiles).map(([name, settings]) =>
    toSection(name, settings, file)
  );
  return { sections, warnings: [] };
}

function toSection(name: string, value: unknown, file: string): IniSection {
  const fields = asRecord(value);
  if (!isVisible(name)) {
    fail(file, "a profile name has other characters", "visible characters on one line");
  }
  if (fields === undefined) {
    fail(file, `"${name}" is ${kindOf(value)}`, 'an object such as {"key": "value"}');
  }
  const settings = new Map<string, IniSetting>();
  for (const [spelling, value] of Object.entries(fields)) {
    const key = spelling.toLowerCase();
    const text = toText(value, `"${spelling}" of "${name}"`, file);
    settings.set(key, { key, value: text, place: { file } });
  }
  return { kind: "profile", name, place: { file }, settings };
}

function toText(value: unknown, what: string, file: string): string {
  if (typeof value === "object") fail(file, `${what} is ${kindOf(value)}`, "text or a number");
  const text = String(value).trim();
  if (/[\p{Zl}\p{Zp}]|(?!\t)\p{Cc}/u.test(text)) {
    fail(file, `${what} is text with a line break or a control character`, "text on one line");
  }
  return text;
}

/** The type of a value, without the value, which may be a secret. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

/** The parser's own message is not shown: it quotes the text, which may hold a secret. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? [];
    const first = text.replace(/^\ufeff/, "").trimStart().charAt(0);
    const place = line === undefined ? {} : { line: Number(line), column: Number(column) };
    throw new ConfigError(
      "Cannot read",
      { file, ...place },
      `it begins with ${first}, but is not valid JSON`,
    );
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? value as Record<string, unknown> : undefined;
}

function fail(file: string, found: string, wanted: string): never {
  throw new ConfigError("Cannot read", { file }, `${found}, wanted ${wanted}`);
}
