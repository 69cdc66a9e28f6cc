/**
 * Session tokens that are still being written to disk while the calls that they are for are under way.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import type { Logger } from "../logger.ts";

/** The writes of a provider that have not been waited for. */
export class PendingWrites {
  readonly #logger: Pick<Logger, "warn">;
  /** Never fails. */
  #pending: Promise<void> | undefined;

  /** None yet. */
  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /** Adds the write of a profile's session token. If it fails, that is logged: the token is usable all the same. */
  add(profile: string, write: Promise<void>): void {
    const before = this.#pending;
    const ended = write.catch((error) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#logger.warn(
        `getSessionToken: the session token of profile "${profile}" is not kept on disk: ${why}`,
      );
    });
    this.#pending = before === undefined ? ended : Promise.all([before, ended]).then(() => {});
  }

  /** Waits until all have ended. On abort it rejects with the signal's reason; an aborted signal is not waited for. */
  async settle(signal: AbortSignal): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined || signal.aborted) return;
    await abortable(() => pending, signal);
    if (this.#pending === pending) this.#pending = undefined;
  }
}
