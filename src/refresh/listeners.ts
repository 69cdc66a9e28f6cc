/**
 * The listeners of a credential set. A listener that throws is logged: it neither ends the program nor stops the others.
 *
 * @module
 */

import { type Logger, nonThrowing } from "../logger.ts";

/** Listeners as their set registers them. */
export class SafeListeners {
  readonly #logger: Logger;
  readonly #wrapped = new WeakMap<object, EventListener>();

  /** Failures are logged. */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The function to register for the listener: the same each time, so that it can be removed. */
  wrap(
    listener: EventListenerOrEventListenerObject | null,
  ): EventListenerOrEventListenerObject | null {
    // Anything else is rejected by the event target itself.
    if (listener === null || !/^(?:object|function)$/.test(typeof listener)) return listener;
    const known = this.#wrapped.get(listener);
    if (known !== undefined) return known;
    const wrapped = nonThrowing(
      (event: Event) =>
        typeof listener === "function"
          ? listener.call(event.currentTarget, event)
          : listener.handleEvent(event),
      (why, { type }) => this.#logger.error(`refresh: a listener of "${type}" failed: ${why}`),
    );
    this.#wrapped.set(listener, wrapped);
    return wrapped;
  }
}
