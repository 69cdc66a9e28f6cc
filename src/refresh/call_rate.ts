/**
 * A ceiling for the calls of a set: so many in any second, however many are due.
 *
 * @module
 */

import type { Clock } from "../system.ts";

const windowMs = 1_000;
/** Far more callers than renewals are ever under way at once would have to wait for this long. */
const longestWaitMs = 60_000;

/** Lets callers through at a bounded rate, in the order in which they came. */
export class CallRate {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #keepAlive: boolean;
  /** When the newest callers were, or will be, let through, the oldest first. */
  #turns: number[] = [];

  /** At most `limit` callers in any second. With `keepAlive`, the program does not exit while one waits. */
  constructor(clock: Clock, limit: number, { keepAlive = false } = {}) {
    this.#clock = clock;
    this.#limit = limit;
    this.#keepAlive = keepAlive;
  }

  /** Waits for a turn. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    // A clock that was set back would hold everything up for as long as it was set back.
    if ((this.#turns.at(-1) ?? now) > now + longestWaitMs) this.#turns = [];
    const oldest = this.#turns.length < this.#limit ? undefined : this.#turns.shift();
    const turn = Math.max(now, this.#turns.at(-1) ?? now, (oldest ?? -Infinity) + windowMs);
    this.#turns.push(turn);
    if (turn > now) await this.#clock.sleep(turn - now, { signal, keepAlive: this.#keepAlive });
  }
}
