/**
 * Which numbers the options of a `StsCore` may be.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { StsCoreOptions } from "./core_options.ts";

/** What a number must keep to. */
interface OptionLimit {
  readonly allows: (value: number) => boolean;
  /** The rule in words, after "wanted". */
  readonly wanted: string;
  readonly hint?: string;
}

/** The longest that a timer can wait; of a longer one, `setTimeout` makes one millisecond. */
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
 * Refuses numbers that would make the calls fail in odd ways, or never be made.
 *
 * @throws {UsageError} naming the option, what it is and what was wanted
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

/** A caller without a type checker may give anything. */
function found(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || value === null
    ? String(value)
    : `a value of type ${typeof value}`;
}
