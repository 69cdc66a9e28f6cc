/**
 * The line that says how far a command is, and what it waits for.
 *
 * @module
 */

import { formatDuration } from "../../duration.ts";
import type { Progress, Wait } from "../../progress.ts";
import { cutToWidth, formatBar, visible } from "../../output/table.ts";
import type { Clock } from "../../system.ts";
import type { LiveArea } from "./live_area.ts";

/** How often the line is drawn: often enough for counts, seldom enough for a slow connection. */
const tickMs = 200;
/** A response that takes longer is waited for. */
const slowMs = 2_000;
const barWidth = 10;
/** Below this width there is no bar, and no unit. */
const narrow = 60;

/** What is drawn until the signal aborts. */
export interface ProgressSubject {
  readonly area: LiveArea;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly newest: () => Progress | undefined;
}

/** Draws the line again and again, until the signal aborts. */
export async function drawProgress(
  { area, clock, signal, newest }: ProgressSubject,
): Promise<void> {
  const { terminal } = area;
  let last = "";
  while (!signal.aborted) {
    const progress = newest();
    if (progress !== undefined) {
      const columns = terminal.columns();
      const text = formatProgress(progress, { now: clock.now(), columns });
      if (text !== last) area.draw(text, "err");
      last = text;
    }
    await clock.sleep(tickMs, { signal, keepAlive: false });
  }
}

/** The time of a line, in milliseconds since 1970, and the width of the terminal. */
export interface LineOptions {
  readonly now: number;
  readonly columns: number;
}

/** `████░░░░░░ 37 of 100 profiles, STS throttles, again in 2 s`, shorter than the terminal is wide. */
export function formatProgress(
  { done, total, unit, waits }: Progress,
  { now, columns }: LineOptions,
): string {
  const few = `${done} of ${total}`;
  const many = columns < narrow ? few : `${formatBar(done / total, barWidth)} ${few} ${unit}`;
  const count = total > 1 ? many : "";
  const why = describeWaits(waits, now);
  const parts = [count, why].filter((part) => part !== "");
  const goal = `Getting ${unit === "profiles" ? "credentials" : unit}`;
  const text = parts.length === 0 ? goal : parts.join(", ");
  // The first letter of a sentence, unless a bar or a number comes first.
  return cutToWidth(text.slice(0, 1).toUpperCase() + text.slice(1), columns - 1);
}

/** What matters most: what a person can end comes first. */
const order: readonly Wait["kind"][] = ["sign-in", "lock", "retry", "call"];

function describeWaits(waits: readonly Wait[], now: number): string {
  for (const kind of order) {
    const found = waits.find((wait) => wait.kind === kind);
    if (found !== undefined) return describeWait(found, now);
  }
  return "";
}

function describeWait(wait: Wait, now: number): string {
  switch (wait.kind) {
    case "sign-in":
      return `waiting for the sign-in, ${secondsOf(now - wait.since)}`;
    case "lock":
      return `waiting for ${visible(wait.holder)}`;
    case "retry": {
      const why = wait.isThrottled ? "AWS throttles" : visible(wait.code);
      return `${why}, again in ${secondsOf(Math.max(1_000, wait.until - now + 999))}`;
    }
    case "call":
      return now - wait.since < slowMs
        ? ""
        : `waiting for ${visible(wait.host)}, ${secondsOf(now - wait.since)}`;
  }
}

function secondsOf(ms: number): string {
  return formatDuration(ms / 1_000);
}
