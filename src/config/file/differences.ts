/**
 * Lines of AWS's files that the tools read differently: one table. The rules are those of the SDKs' own test vectors,
 * botocore's parser (the AWS CLI, boto3) and that of the SDK for JavaScript.
 *
 * @module
 */

import { linesOf } from "./managed_block.ts";
import { type IniKind, readHeader } from "./section_header.ts";
import { isComment, readSetting } from "./setting_line.ts";

/** A line that somebody reads otherwise. */
export interface Difference {
  /** The rule, such as "inline-comment". */
  readonly rule: keyof typeof differenceTable;
  /** Counts from 1. */
  readonly line: number;
  /** Who reads what. Holds names and keys of settings, never a value. */
  readonly message: string;
  /** What to write in place of the line, where that is safe: every tool then reads what the SDKs read. */
  readonly replacement?: readonly string[];
}

/** What each rule says, and whether one tool rejects the whole file for it. */
export const differenceTable = {
  "byte-order-mark": { rejects: true, cure: "save the file as UTF-8 without a byte order mark" },
  "not-utf-8": { rejects: true, cure: "save the file as UTF-8" },
  "lone-carriage-return": { rejects: false, cure: "end lines with a line feed" },
  "duplicate-section": { rejects: true, cure: "merge the two sections" },
  "duplicate-key": { rejects: true, cure: "remove one of the two lines" },
  "inherited-defaults": { rejects: false, cure: "name the section [default], or remove it" },
  "comment-at-header": { rejects: false, cure: "put a space, or the comment on a line of its own" },
  "blanks-in-header": { rejects: false, cure: "remove the blanks beside the brackets" },
  "profile-name": { rejects: false, cure: "rename it with letters, digits and -_/.%@:+" },
  "inline-comment": { rejects: false, cure: "put the comment on a line of its own" },
  "key-case": { rejects: false, cure: "write the key in lower case" },
  "key-with-blank": { rejects: false, cure: "write the key without a blank" },
  "quoted-value": { rejects: false, cure: "remove the quotes" },
  "continued-value": { rejects: false, cure: "write the value on one line" },
  "indented-setting": { rejects: true, cure: "remove the blanks in front of the line" },
  "invisible-character": { rejects: false, cure: "type the line again" },
} as const;

/** The names that every tool accepts. */
const portableName = /^[\w\-@+.%:/]+$/;
const invisible = /[\u00a0\u00ad\u200b\u200e\u200f\u2060\ufeff]/;
/** Programs take their arguments in quotes. */
const mayHaveQuotes = /_process$|^(?:s3|services)$/;

/** What was read above a line. */
interface Above {
  readonly kind: IniKind;
  /** The line of the first header of each section, by its kind and name. */
  readonly headers: Map<string, number>;
  /** The line of each key of the section. */
  keys: Map<string, number>;
  /** Undefined before the first section. */
  section: string | undefined;
  /** The indent of the setting above, and whether it has a value; undefined where there is none. */
  setting:
    | { readonly key: string; readonly indent: number; readonly hasValue: boolean }
    | undefined;
}

type Found = Omit<Difference, "line">;

/** The differences in the text of a file, in line order. */
export function differencesOf(text: string, kind: "config" | "credentials"): Difference[] {
  const above: Above = {
    ...{ kind, headers: new Map(), keys: new Map() },
    ...{ section: undefined, setting: undefined },
  };
  const found = [...wholeFile(text)];
  for (const { text: line, number } of linesOf(text)) {
    const clean = number === 1 ? line.replace(/^\ufeff/, "") : line;
    for (const one of readLine(clean, number, above)) found.push({ ...one, line: number });
  }
  return found.toSorted((a, b) => a.line - b.line);
}

function* wholeFile(text: string): Generator<Difference> {
  if (text.startsWith("\ufeff")) {
    const [first = ""] = text.slice(1).split(/\r?\n/, 1);
    yield {
      rule: "byte-order-mark",
      line: 1,
      message: "the file begins with a byte order mark: the AWS CLI and boto3 reject the file",
      replacement: [first],
    };
  }
  const bad = text.search(/[\ufffd\0]/);
  if (bad >= 0) {
    const line = text.slice(0, bad).split("\n").length;
    const message = "found a byte that is not UTF-8: the AWS CLI and boto3 reject the file";
    yield { rule: "not-utf-8", line, message };
  }
  const lone = text.search(/\r(?!\n)/);
  if (lone >= 0) {
    const line = text.slice(0, lone).split("\n").length;
    const message = "a line ends with a lone carriage return: the SDK for JavaScript reads on";
    yield { rule: "lone-carriage-return", line, message };
  }
}

function* readLine(line: string, number: number, above: Above): Generator<Found> {
  const text = line.trim();
  if (text === "" || isComment(text)) return;
  if (invisible.test(text)) {
    const message = "holds a character that cannot be seen, which tools keep or drop";
    yield { rule: "invisible-character", message };
  }
  const indent = line.search(/\S/);
  if (above.setting !== undefined && indent > above.setting.indent) {
    if (above.setting.hasValue) {
      const message = `continues the value of "${above.setting.key}": the SDK for JavaScript ` +
        "drops such lines";
      yield { rule: "continued-value", message };
    }
    return;
  }
  if (text.startsWith("[")) yield* readHeaderLine(line, text, number, above);
  else yield* readSettingLine(line, text, indent, number, above);
}

function* readHeaderLine(
  line: string,
  text: string,
  number: number,
  above: Above,
): Generator<Found> {
  above.setting = undefined;
  above.keys = new Map();
  above.section = undefined;
  const { kind } = above;
  const [, inside = ""] = /^\[([^\]]*)\]/.exec(text) ?? [];
  if (inside === "DEFAULT") {
    const message = "the AWS CLI and boto3 add the settings of [DEFAULT] to every profile, " +
      "others ignore it";
    yield { rule: "inherited-defaults", message };
  }
  const header = readHeader(text, kind);
  if (!("name" in header)) return;
  const label = `${header.kind} ${header.name}`;
  above.section = label;
  const first = above.headers.get(label);
  if (first === undefined) above.headers.set(label, number);
  else {
    const message = `the section is there already, at line ${first}: the AWS CLI and boto3 ` +
      "reject the file, SDKs merge the two";
    yield { rule: "duplicate-section", message };
  }
  if (/^\[[^\]]*\][#;]/.test(text)) {
    const message = "a comment directly behind the bracket: the SDK for JavaScript drops the " +
      "whole section";
    const replacement = [line.replace(/^(\s*\[[^\]]*\])(?=[#;])/, "$1 ")];
    yield { rule: "comment-at-header", message, replacement };
  }
  if (/^\s|\s$/.test(inside)) {
    const message = kind === "config" && inside.trim() !== "default"
      ? "blanks beside the brackets: the AWS CLI, boto3 and the SDK for JavaScript ignore the section"
      : "blanks beside the brackets: the AWS CLI, boto3 and the SDK for JavaScript keep them in " +
        "the name";
    const replacement = [line.replace(`[${inside}]`, () => `[${inside.trim()}]`)];
    yield { rule: "blanks-in-header", message, replacement };
  }
  if (header.kind === "profile" && !portableName.test(header.name)) {
    const message = `the SDK for JavaScript has no profile ${JSON.stringify(header.name)}: only ` +
      "the AWS CLI and boto3 accept every character in a name";
    yield { rule: "profile-name", message };
  }
}

function* readSettingLine(
  line: string,
  text: string,
  indent: number,
  number: number,
  above: Above,
): Generator<Found> {
  const setting = readSetting(text);
  if (!("key" in setting)) return;
  const { key, value, separator } = setting;
  const isFirst = above.keys.size === 0 && above.section !== undefined && indent > 0;
  if (isFirst) {
    const message = `"${key}" is indented without a setting above it: some SDKs reject the file`;
    yield { rule: "indented-setting", message, replacement: [line.trimStart()] };
  }
  above.setting = { key, indent, hasValue: value !== "" };
  if (above.section === undefined) return;
  const first = above.keys.get(key);
  if (first === undefined) above.keys.set(key, number);
  else {
    const message = `"${key}" is set already, at line ${first}: the AWS CLI and boto3 reject the ` +
      "file, SDKs take the last one";
    yield { rule: "duplicate-key", message };
  }
  if (separator === "=" && !isFirst) yield* readParts(line, key, value);
}

/** Key, value and comment of a setting. */
function* readParts(line: string, key: string, value: string): Generator<Found> {
  const written = line.slice(0, line.indexOf("=")).trim();
  const [, comment] = /^[^=]*=.*?\s([#;].*)$/.exec(line) ?? [];
  if (comment !== undefined && value !== "") {
    const indent = line.slice(0, line.search(/\S/));
    const setting = line.slice(0, line.length - comment.length).trimEnd();
    yield {
      rule: "inline-comment",
      message: `a comment behind the value of "${key}": the AWS CLI and boto3 take it for a part ` +
        "of the value, SDKs do not",
      replacement: [`${indent}${comment}`, setting],
    };
    return;
  }
  if (/\s/.test(written)) {
    const message = "a blank in the name of a key: some SDKs ignore the line";
    yield { rule: "key-with-blank", message };
  } else if (written !== key) {
    const message =
      `"${written}" is not in lower case: the SDK for JavaScript does not find "${key}"`;
    const at = line.indexOf(written);
    const replacement = [line.slice(0, at) + key + line.slice(at + written.length)];
    yield { rule: "key-case", message, replacement };
  } else if (/^(["']).*\1$/.test(value) && !mayHaveQuotes.test(key)) {
    const message = `the quotes around the value of "${key}" are part of it, for every tool`;
    yield { rule: "quoted-value", message };
  }
}
