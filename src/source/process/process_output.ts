/**
 * What a `credential_process` prints: version 1 of AWS's JSON.
 *
 * @module
 */

import { keyFault } from "../../config/plan/key_shape.ts";
import type { AccessKeys } from "../../credentials.ts";
import { parseInstant } from "../instant.ts";
import { objectOf } from "../json_fields.ts";

/** What was printed. */
export interface ProcessOutput {
  readonly keys: AccessKeys;
  /** Milliseconds since 1970; undefined for credentials that do not end. */
  readonly expiration: number | undefined;
}

/** Why the output is none. The message never holds any of it; it begins with a verb. */
export class OutputFault extends Error {}

/**
 * Reads the output.
 *
 * @throws {OutputFault} where it is not what AWS specifies
 */
export function parseProcessOutput(bytes: Uint8Array): ProcessOutput {
  const fields = readObject(decode(bytes));
  if (fields.Version !== 1) {
    throw new OutputFault(`printed JSON whose Version is ${kindOf(fields.Version)}, wanted 1`);
  }
  return { keys: readKeys(fields), expiration: readExpiration(fields.Expiration) };
}

/** A byte order mark is passed over, as botocore and the SDK for JavaScript do. */
function decode(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new OutputFault("printed nothing, wanted JSON on standard output");
  const [first = 0, second = 0] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) throw new OutputFault("printed UTF-16, wanted UTF-8");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new OutputFault("printed bytes that are not UTF-8");
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const trimmed = text.trim();
  if (trimmed === "") throw new OutputFault("printed blank lines only, wanted JSON");
  try {
    const fields = objectOf(JSON.parse(text));
    if (fields !== undefined) return fields;
  } catch {
    throw new OutputFault(whyNoJson(trimmed));
  }
  throw new OutputFault("printed JSON that is no object, wanted an object");
}

function whyNoJson(text: string): string {
  if (!text.startsWith("{")) {
    return "printed other text before or in place of JSON, wanted JSON and nothing else";
  }
  for (let end = text.lastIndexOf("}"); end > 0; end = text.lastIndexOf("}", end - 1)) {
    if (isJson(text.slice(0, end + 1))) {
      return "printed other text after its JSON, wanted JSON and nothing else";
    }
  }
  return text.endsWith("}") ? "printed malformed JSON" : "printed JSON that is cut off";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const required = ["AccessKeyId", "SecretAccessKey"] as const;

function readKeys(fields: Readonly<Record<string, unknown>>): AccessKeys {
  const [accessKeyId, secretAccessKey] = required.map((name) => textField(fields, name));
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = required.filter((name) => textField(fields, name) === undefined);
    throw new OutputFault(`printed JSON without ${missing.join(" and ")}`);
  }
  const sessionToken = textField(fields, "SessionToken");
  const keys = {
    ...{ accessKeyId, secretAccessKey },
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const fault = keyFault(keys);
  if (fault === undefined) return keys;
  const names = {
    accessKeyId: "AccessKeyId",
    secretAccessKey: "SecretAccessKey",
    sessionToken: "SessionToken",
  };
  throw new OutputFault(`printed JSON whose ${names[fault.field]} ${fault.why}`);
}

/** A field that is absent, null or empty counts as none. */
function textField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new OutputFault(`printed JSON whose ${name} is ${kindOf(value)}, wanted text`);
}

function readExpiration(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const wanted = "wanted text such as 2026-01-31T12:00:00Z";
  if (typeof value !== "string") {
    throw new OutputFault(`printed JSON whose Expiration is ${kindOf(value)}, ${wanted}`);
  }
  const time = parseInstant(value);
  if (time !== undefined) return time;
  const hasZone = /[Tt ]\d\d:\d\d.*(?:[Zz]|UTC|[+-]\d\d:?(?:\d\d)?)$/.test(value.trim());
  const why = hasZone || !/\d\d:\d\d/.test(value) ? "is no date" : "names no time zone";
  throw new OutputFault(`printed JSON whose Expiration ${why}, ${wanted}`);
}

/** What stands in a field, without showing it; a number cannot be a secret. */
function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "number") return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "string" ? "text" : `a ${typeof value}`;
}
