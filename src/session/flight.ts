/**
 * One flight a key: whoever asks for something that is already being fetched waits for that very answer.
 *
 * @module
 */

import { abortable } from "../abortable.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Shares pending work by key. A caller whose signal aborts stops waiting at once; the work itself is aborted when
 * nobody waits for it any more.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** The pending work of `key`, or what `start` begins. */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiting++;
    try {
      return await abortable(() => flight.promise, signal);
    } finally {
      if (--flight.waiting === 0) this.#end(key, flight);
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight = { promise: start(controller.signal), controller, waiting: 0 };
    flight.promise.catch(() => {});
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.controller.abort(new DOMException("Nobody waits for it any more", "AbortError"));
  }
}
