/**
 * What `serve` shows while it runs: the set that is served now, as `watch` shows it.
 *
 * @module
 */

import type { CredentialSet } from "../../refresh/live.ts";
import type { MfaCodeFunction } from "../../session/mfa.ts";
import type { Invocation } from "../command.ts";
import { showSet } from "../watch/show.ts";

/** Shows the set that is served; a prompt interrupts that until there is the next set. */
export class ServedView {
  readonly #invocation: Invocation;
  readonly #onKey: (key: "end" | "code") => void;
  #set: CredentialSet | undefined;
  #isBegun = false;
  #shown = new AbortController();
  #showing: Promise<void> = Promise.resolve();

  /** Shows nothing yet; `onKey` is told what a key asks for. */
  constructor(invocation: Invocation, onKey: (key: "end" | "code") => void) {
    this.#invocation = invocation;
    this.#onKey = onKey;
  }

  /** From now on sets are shown: the variables stand before them. */
  begin(): void {
    this.#isBegun = true;
    if (this.#set !== undefined) this.show(this.#set);
  }

  /** Shows this set in place of the last one. */
  show(set: CredentialSet): void {
    this.#set = set;
    if (!this.#isBegun) return;
    this.#shown.abort();
    this.#shown = new AbortController();
    const { signal } = this.#shown;
    this.#showing = this.#showing.then(async () => {
      const key = await showSet(this.#invocation, set, signal, { aside: true });
      if (key !== undefined) this.#onKey(key);
    });
    // A failure is thrown by `end`.
    this.#showing.catch(() => {});
  }

  /** The source, where nothing is drawn while it may prompt. */
  pausedBy(source: MfaCodeFunction): MfaCodeFunction {
    return async (serial, options) => {
      this.#shown.abort();
      await this.#showing;
      return await source(serial, options);
    };
  }

  /** Shows the set again that was shown last. */
  resume(): void {
    if (this.#set !== undefined) this.show(this.#set);
  }

  /** Shows no more. */
  async end(): Promise<void> {
    this.#shown.abort();
    await this.#showing;
  }
}
