/**
 * The content of a sealed file of kind "keys", as JSON.
 *
 * @module
 */

import { StoreError } from "../errors.ts";
import type { RemovedLine, RemovedLines } from "../config/file/sealed_lines.ts";
import type { SealedKey, SealedKeys } from "./port.ts";

const states: readonly unknown[] = ["current", "next", "previous"];

/** As it is sealed. */
export function formatSealedKeys(keys: SealedKeys): string {
  return `${JSON.stringify(keys, undefined, 2)}\n`;
}

/**
 * What was sealed. Fields that are not known are kept.
 *
 * @throws {StoreError} "format" for a newer version, "torn" for what are no keys
 */
export function parseSealedKeys(text: string, file: string): SealedKeys {
  const fail = (fault: "torn" | "format", why: string, hint: string): never => {
    throw new StoreError(fault, `Cannot use the sealed keys in "${file}": ${why}`, { hint });
  };
  const found = parseObject(text);
  if (found === undefined) {
    return fail("torn", "they are no JSON object", "seal them again with 'stsaval keys add'");
  }
  const { version } = found;
  if (version !== 1) {
    const shown = JSON.stringify(version)?.slice(0, 20) ?? "none";
    return fail("format", `found version ${shown}, wanted 1`, "use a newer stsaval");
  }
  if (isSealedKeys(found)) return found;
  return fail(
    "torn",
    'wanted "keys" with one that is "current"',
    "seal them again with 'stsaval keys add'",
  );
}

/**
 * The key in use.
 *
 * @throws {StoreError} "torn" where there is none
 */
export function currentKey({ keys }: SealedKeys, file: string): SealedKey {
  const found = keys.find(({ state }) => state === "current");
  if (found !== undefined) return found;
  throw new StoreError("torn", `Cannot use the sealed keys in "${file}": none of them is current`, {
    hint: "seal them again with 'stsaval keys add'",
  });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown> // an object of JSON
      : undefined;
  } catch {
    return undefined;
  }
}

function isSealedKeys(found: object): found is SealedKeys {
  const { keys, removed } = found as Partial<SealedKeys>; // each field is looked at
  return Array.isArray(keys) && keys.every(isSealedKey) &&
    keys.some(({ state }) => state === "current") &&
    (removed === undefined || isRemovedLines(removed));
}

function isSealedKey(key: unknown): key is SealedKey {
  const { accessKeyId, secretAccessKey, state, created } = Object(key) as Partial<SealedKey>; // each field is looked at
  return typeof accessKeyId === "string" && typeof secretAccessKey === "string" &&
    states.includes(state) && (created === undefined || typeof created === "string");
}

function isRemovedLines(removed: unknown): removed is RemovedLines {
  const { file, marker, lines } = Object(removed) as Partial<RemovedLines>; // each field is looked at
  return typeof file === "string" && typeof marker === "string" && Array.isArray(lines) &&
    lines.every(isRemovedLine);
}

function isRemovedLine(line: unknown): line is RemovedLine {
  const { number, text } = Object(line) as Partial<RemovedLine>; // each field is looked at
  return typeof number === "number" && typeof text === "string";
}
