/**
 * The ranges of the numeric options of `StsCore`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { StsCoreOptions } from "./core_options.ts";

/** The range of a number. */
interface OptionLimit {
  readonly allows: (value: number) => boolean;
  /** Describes the range, after "wanted". */
  readonly wanted: string;
  readonly hint?: string;
}

/** The longest timer delay; `setTimeout` turns a longer one into one millisecond. */
const longestMs = 2 ** 31 - 1;

const count: OptionLimit = {
  allows: (value) => Number.isSafeInteger(value) && value >= 1,
  wanted: "a whole number from 1",
};

const limits: readonly (readonly [keyof StsCoreOptions, OptionLimit])[] = [
  ["timeoutMs", milliseconds(1, "--timeout")],
  ["lockTimeoutMs", milliseconds(0, "--lock-timeout")],
  ["maxAttempts", count],
  ["concurrency", count],
];

/**
 * Rejects numbers with which calls would fail in odd ways, or never be made.
 *
 * @throws {UsageError} naming the option, its value and what was wanted
 */
export function checkCoreOptions(options: StsCoreOptions): void {
  for (const [name, { allows, wanted, hint }] of limits) {
    const value = options[name];
    if (value === undefined || (typeof value === "number" && allows(value))) continue;
    throw new UsageError(`Cannot use ${found(value)} for ${name}: wanted ${wanted}`, { hint });
  }
}

function milliseconds(least: number, flag: string): OptionLimit {
  const mostSeconds = Math.floor(longestMs / 1_000);
  return {
    allows: (value) => value >= least && value <= longestMs,
    wanted: `milliseconds from ${least} to ${longestMs}`,
    hint: `on the command line, ${flag} takes at most ${mostSeconds} seconds`,
  };
}

/** A caller without a type checker may pass anything. */
function found(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || value === null
    ? String(value)
    : `a value of type ${typeof value}`;
}
