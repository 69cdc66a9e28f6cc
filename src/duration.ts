/**
 * Durations as people write them: a number of hours, or "90m", "1h30m", "5400s", "2d".
 *
 * @module
 */

import { UsageError } from "./errors.ts";

const secondsPerUnit = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** A thousand years: AWS's own limits are hours. */
const longestSeconds = 1_000 * 366 * secondsPerUnit.d;
const longestShown = 40;

/**
 * Seconds in a duration. A number, or text that is only a number, counts hours, as in the original program.
 *
 * @throws {UsageError} when it is not a duration, or not positive
 *
 * @example
 * ```ts
 * import { parseDuration } from "./duration.ts";
 *
 * if (parseDuration("1h30m") !== parseDuration(1.5)) throw new Error("not the same");
 * ```
 */
export function parseDuration(value: number | string): number {
  const seconds = readSeconds(value);
  if (seconds === undefined || !(seconds > 0)) {
    throw new UsageError(
      `Cannot read ${
        found(value)
      } as a duration: wanted hours, such as 5 or 1.5, or units, such as "90m" or "1h30m"`,
    );
  }
  if (seconds > longestSeconds && value !== Infinity) {
    throw new UsageError(`Cannot read ${found(value)} as a duration: it is too long`);
  }
  return seconds === Infinity ? seconds : Math.round(seconds);
}

/** A caller without a type checker may pass anything. */
function readSeconds(value: unknown): number | undefined {
  if (typeof value === "number") return value * 3_600;
  return typeof value === "string" ? parseText(value.trim()) : undefined;
}

function found(value: unknown): string {
  if (typeof value === "string" && value.length > longestShown) {
    return `"${value.slice(0, longestShown)}…"`;
  }
  if (typeof value === "string" || typeof value === "number") return `"${value}"`;
  return value === null ? "null" : `a value of type ${typeof value}`;
}

function parseText(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 3_600;
  if (!/^(\d+[dhms])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)([dhms])/g)) {
    seconds += Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
  }
  return seconds;
}

/** `4h59m`, `15m`, `42s`: the two largest units that are not zero, or as many as given; zero is `0s`. */
export function formatDuration(seconds: number, units = 2): string {
  if (seconds === Infinity) return "forever";
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(secondsPerUnit)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (unit === "s" && parts.length === 0)) parts.push(`${count}${unit}`);
    if (parts.length === units) break;
  }
  return parts.join("");
}

/** `4 hours, 59 minutes`, as in the original program's log lines. Seconds only below a minute. */
export function formatLongDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return count(whole, "second");
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole % 3_600 / 60);
  const parts = [
    hours > 0 ? count(hours, "hour") : "",
    minutes > 0 ? count(minutes, "minute") : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
