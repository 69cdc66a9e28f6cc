/**
 * How a command ends: by itself, or within a grace period after a signal, a write error or a stray error.
 *
 * @module
 */

import { InterruptedError, StsavalError } from "../errors.ts";
import type { Clock, Signals, Terminal } from "../system.ts";

/** The ports that it needs. */
export interface EndingPorts {
  readonly clock: Clock;
  readonly signals: Signals;
  readonly terminal: Pick<Terminal, "flush" | "outputFailed">;
}

/** How long an interrupted command may take to clean up. */
const graceMs = 3_000;
/** How long an interrupted command may take to write its error message. */
const reportMs = 300;

/**
 * Aborts a command for one of three reasons: a signal, a write error on standard output, or an error that nothing
 * catches. Handlers only abort its signal; the command itself cleans up.
 */
export class Ending implements Disposable {
  readonly #ports: EndingPorts;
  readonly #controller = new AbortController();
  readonly #done = new AbortController();
  readonly #asked = Promise.withResolvers<void>();
  readonly #overdue = Promise.withResolvers<never>();
  readonly #held: readonly Disposable[];
  #isDelegated = false;

  /** Installs the handlers. */
  constructor(ports: EndingPorts) {
    this.#ports = ports;
    const { signals, terminal } = ports;
    this.#overdue.promise.catch(() => {});
    this.#held = [
      signals.onTermination((signal) => this.#end(new InterruptedError(signal))),
      signals.onStrayError((error) => this.#end(error)),
    ];
    const { outputFailed } = terminal;
    outputFailed.addEventListener("abort", () => this.#end(outputFailed.reason), {
      signal: this.#done.signal,
    });
  }

  /** Aborts when the command must end; the reason is the error to report. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on signals do not start the grace period: a child program handles them. */
  delegateSignals(): void {
    this.#isDelegated = true;
  }

  /**
   * The command's exit status, once its output is written; or the reason of the abort, when the grace period has passed:
   * a command may wait for a pipe, a lock or a server where no signal can abort it.
   */
  async waitFor(work: Promise<number>): Promise<number> {
    const written = work.then(async (status) => {
      await this.#ports.terminal.flush();
      return status;
    });
    return await Promise.race([written, this.#overdue.promise]);
  }

  /** Waits until the error message is written, but after an abort not for a stalled reader. */
  async flushReport(): Promise<void> {
    const { clock, terminal } = this.#ports;
    const stalled = async () => {
      await this.#asked.promise;
      await clock.sleep(reportMs, { signal: this.#done.signal }).catch(() => {});
    };
    await Promise.race([terminal.flush().catch(() => {}), stalled()]);
  }

  #end(reason: unknown): void {
    if (this.signal.aborted) return;
    this.#controller.abort(reason);
    this.#asked.resolve();
    this.#countDown(reason).catch(() => {});
  }

  async #countDown(reason: unknown): Promise<void> {
    await this.#ports.clock.sleep(graceMs, { signal: this.#done.signal });
    const isSignal = reason instanceof InterruptedError;
    if (!(isSignal && this.#isDelegated)) this.#overdue.reject(reason);
  }

  /** Removes the handlers. */
  [Symbol.dispose](): void {
    this.#done.abort(new StsavalError("FAILED", "Ended"));
    for (const one of this.#held) one[Symbol.dispose]();
  }
}
