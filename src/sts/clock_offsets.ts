/**
 * How far the clocks of the endpoints are from this machine's, so that requests can be signed with a time that STS
 * accepts.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import type { Logger } from "../logger.ts";
import { type Failure, isClockSuspect } from "./failure.ts";

/** STS refuses signatures that are five minutes off; answers take a while, and dates in them have no milliseconds. */
const leastOffset = 4 * 60_000;

/** Dates in answers are cut to seconds, and answers take a while. */
const resolution = 2_000;

/** What an answer says of STS's clock. */
export type ToldOffset = Pick<Failure, "clockOffset" | "travelMs">;

/** The offsets that were learned from answers. */
export class ClockOffsets {
  /** For signatures, by URL. */
  readonly #offsets = new Map<string, number>();
  #newest: number | undefined;
  readonly #logger: Pick<Logger, "warn">;

  /** Each correction is told to the logger. */
  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /**
   * What the newest answer of STS said: 0 where it is less than answers can tell, undefined while none has said anything.
   */
  get newest(): number | undefined {
    return this.#newest;
  }

  /** Takes note of what an answer said; of one that says nothing, nothing. */
  observe(answer: ToldOffset): void {
    const offset = nearestTold(answer, this.#newest ?? 0);
    if (offset === undefined) return;
    this.#newest = Math.abs(offset) < resolution ? 0 : offset;
  }

  /** Milliseconds to add to this machine's clock for a call to `url`. */
  get(url: string): number {
    return this.#offsets.get(url) ?? 0;
  }

  /**
   * Learns from a failed call that was signed with the offset `signedWith`. True where the clock was behind the failure,
   * so that the call is worth another attempt with the offset of now.
   */
  correct(url: string, failure: Failure, signedWith: number): boolean {
    const offset = nearestTold(failure, signedWith);
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

/** True for an offset with which STS refuses signatures. */
export function isClockWrong(offset: number | undefined): offset is number {
  return offset !== undefined && isFarFrom(offset, 0);
}

/**
 * The offset that is nearest to the one expected, of those that the answer allows. STS wrote its time somewhere between
 * the call and the end of the answer; where this machine slept in between, that is no reason to think that STS's clock
 * went back.
 */
function nearestTold(
  { clockOffset, travelMs = 0 }: ToldOffset,
  expected: number,
): number | undefined {
  if (clockOffset === undefined) return undefined;
  return Math.min(Math.max(expected, clockOffset), clockOffset + travelMs);
}

function isFarFrom(offset: number, other: number): boolean {
  return Math.abs(offset - other) >= leastOffset;
}
