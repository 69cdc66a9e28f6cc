/**
 * The clock skew of the endpoints against this machine, so that requests are signed with a time that STS accepts.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import type { Logger } from "../logger.ts";
import { type Failure, isClockSuspect } from "./failure.ts";

/** STS rejects signatures that are five minutes off; this leaves a margin for latency and dates in whole seconds. */
const leastOffset = 4 * 60_000;

/** Below this, latency and dates in whole seconds hide the skew. */
const resolution = 2_000;

/** The clock skew by a response. */
export type MeasuredOffset = Pick<Failure, "clockOffset" | "travelMs">;

/** The offsets learned from responses. */
export class ClockOffsets {
  /** For signatures, by URL. */
  readonly #offsets = new Map<string, number>();
  #newest: number | undefined;
  readonly #logger: Pick<Logger, "warn">;

  /** Logs each correction. */
  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /**
   * The offset by the newest response of STS: 0 if it is below the resolution, undefined while unknown.
   */
  get newest(): number | undefined {
    return this.#newest;
  }

  /** Records the offset of a response, if it has one. */
  observe(response: MeasuredOffset): void {
    const offset = nearestOffset(response, this.#newest ?? 0);
    if (offset === undefined) return;
    this.#newest = Math.abs(offset) < resolution ? 0 : offset;
  }

  /** Milliseconds to add to this machine's clock for a call to `url`. */
  get(url: string): number {
    return this.#offsets.get(url) ?? 0;
  }

  /**
   * Learns from a failed call that was signed with the offset `signedWith`. True if the clock was the cause, so that the
   * call is worth another attempt with the corrected offset.
   */
  correct(url: string, failure: Failure, signedWith: number): boolean {
    const offset = nearestOffset(failure, signedWith);
    if (offset === undefined || !isClockSuspect(failure)) return false;
    if (!isFarFrom(offset, signedWith)) return false;
    if (isFarFrom(offset, this.get(url))) {
      this.#offsets.set(url, offset);
      this.#logger.warn(
        `correct: This machine's clock is ${formatClockError(offset)}, signing with STS's time`,
      );
    }
    return true;
  }
}

/** `10m3s behind STS's` or `1h ahead of STS's`, for an offset of STS's clock against this machine's. */
export function formatClockError(offset: number): string {
  const amount = formatDuration(Math.abs(offset) / 1_000);
  return `${amount} ${offset > 0 ? "behind" : "ahead of"} STS's`;
}

/** True for an offset with which STS rejects signatures. */
export function isClockWrong(offset: number | undefined): offset is number {
  return offset !== undefined && isFarFrom(offset, 0);
}

/**
 * The possible offset nearest to the expected one. STS took its time somewhere between the start of the call and the end
 * of the response; if this machine slept in between, STS's clock did not therefore go back.
 */
function nearestOffset(
  { clockOffset, travelMs = 0 }: MeasuredOffset,
  expected: number,
): number | undefined {
  if (clockOffset === undefined) return undefined;
  return Math.min(Math.max(expected, clockOffset), clockOffset + travelMs);
}

function isFarFrom(offset: number, other: number): boolean {
  return Math.abs(offset - other) >= leastOffset;
}
