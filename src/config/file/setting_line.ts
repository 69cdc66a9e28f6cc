/**
 * A line of a section: comment, or key and value.
 *
 * @module
 */

import { legalKey } from "./section_header.ts";
import { settingNames } from "./setting_names.ts";

/** Key and value of a line, or what was found in their place: never a text that may be a secret. */
export type SettingLine =
  | { readonly key: string; readonly value: string; readonly separator: "=" | ":" }
  | { readonly found: string };

/** True where the line, without white space around it, is a comment. */
export function isComment(text: string): boolean {
  return text.startsWith("#") || text.startsWith(";");
}

/** A `#` or `;` begins a comment only where white space is in front of it. */
export function withoutComment(line: string): string {
  const start = line.search(/\s[#;]/);
  return start < 0 ? line : line.slice(0, start);
}

/** Reads a line without white space around it. Keys are in lower case. */
export function readSetting(line: string): SettingLine {
  const content = withoutComment(line);
  const at = separatorOf(content);
  const separator = content[at] === ":" ? ":" : "=";
  if (at < 0) return { found: describeLine(content) };
  const key = content.slice(0, at).trim().toLowerCase();
  if (key === "") return { found: `"${separator}" without a key` };
  return { key, value: content.slice(at + 1).trim(), separator };
}

/** Reads a line of settings inside another: there the AWS CLI knows no ":" either. */
export function readNested(line: string): SettingLine {
  const content = withoutComment(line);
  const equals = content.indexOf("=");
  if (equals < 0) return { found: describeLine(content) };
  const key = content.slice(0, equals).trim().toLowerCase();
  if (key === "") return { found: '"=" without a key' };
  return { key, value: content.slice(equals + 1).trim(), separator: "=" };
}

const ownKeys: ReadonlySet<string> = new Set(Object.values(settingNames));

/**
 * Where the key ends. A ":" counts as the AWS CLI has it, where what stands before the "=" cannot be a key, or where
 * the word before the ":" is one: a session token that ends in "==" would be part of the key otherwise.
 */
function separatorOf(content: string): number {
  const equals = content.indexOf("=");
  const [, word, gap = ""] = /^([\w-]*)(\s*):/.exec(content) ?? [];
  if (word === undefined) return equals;
  const colon = word.length + gap.length;
  const isKey = equals > 0 && legalKey.test(content.slice(0, equals).trim()) &&
    !ownKeys.has(word.toLowerCase());
  return isKey ? equals : colon;
}

/** A line that cannot be read may be a secret, so only a first word that looks like a key is shown. */
function describeLine(line: string): string {
  const word = /^([a-z_]{1,40})(?=\s|:)/.exec(line)?.[1];
  return word === undefined ? 'a line without "="' : `"${word}" without "="`;
}
