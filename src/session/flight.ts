/**
 * Single flight: concurrent requests for the same key share one call and its result.
 *
 * @module
 */

import { abortable } from "../abortable.ts";

/** One for all: an error of its own for each flight would cost more than to end it. */
const isOver = new DOMException("All waiters have gone", "AbortError");

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Shares pending work by key. A caller whose signal aborts stops waiting at once; the work itself is aborted when its
 * last waiter is gone.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #pending = new Set<Promise<unknown>>();

  /** Joins the pending work of `key`, or starts it. */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiters++;
    try {
      return await abortable(() => flight.promise, signal);
    } finally {
      if (--flight.waiters === 0) this.#end(key, flight);
    }
  }

  /** Settles when no work is under way, that of callers that have gone included. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight = { promise: start(controller.signal), controller, waiters: 0 };
    const ended = flight.promise.catch(() => {}).finally(() => this.#pending.delete(ended));
    this.#pending.add(ended);
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.controller.abort(isOver);
  }
}
