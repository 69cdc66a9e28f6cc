/**
 * The beginnings of a batch's calls, spread over the turns of the event loop.
 *
 * @module
 */

import type { Clock } from "../../system.ts";

/** With fewer, the turns take longer; with more, the network waits longer for its turn. */
const mostInTurn = 8;

/**
 * Lets a few calls begin in each turn of the event loop. What a runtime sends and receives, it does between two turns: of
 * many calls that begin in one, the first one is on its way only when the last one has been signed, and STS has nothing to
 * do meanwhile.
 */
export class CallStarts {
  readonly #clock: Pick<Clock, "nextTurn">;
  #begun = 0;
  #turn: Promise<void> | undefined;

  /** Over a clock; one that knows no turns lets all begin at once. */
  constructor(clock: Pick<Clock, "nextTurn">) {
    this.#clock = clock;
  }

  /** Waits until the next call may begin. */
  async take(): Promise<void> {
    if (this.#begun > 0 && this.#begun % mostInTurn === 0) {
      this.#turn = this.#after(this.#turn);
    }
    this.#begun++;
    await this.#turn;
  }

  async #after(turn: Promise<void> | undefined): Promise<void> {
    await turn;
    await this.#clock.nextTurn?.();
  }
}
