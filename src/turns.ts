/**
 * Taking turns within this process: at most so many at once, the others in the order in which they came.
 *
 * @module
 */

/** Turns, of which at most `most` are taken at the same time. */
export class Turns {
  readonly #most: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  /** None is taken yet. */
  constructor(most: number) {
    this.#most = most;
  }

  /** True if none is taken, so that none is waited for either. */
  get idle(): boolean {
    return this.#taken === 0;
  }

  /** Waits for a turn; disposing it passes it on. An aborted signal ends the wait with its reason. */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#taken < this.#most) this.#taken++;
    else await this.#wait(signal);
    return { [Symbol.dispose]: () => this.#passOn() };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = () => {
      signal?.removeEventListener("abort", leave);
      resolve();
    };
    const leave = () => {
      this.#waiting.delete(begin);
      reject(signal?.reason);
    };
    this.#waiting.add(begin);
    signal?.addEventListener("abort", leave, { once: true });
    return promise;
  }

  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
