/**
 * What is done, and what is waited for, as plain data for whoever shows it.
 *
 * @module
 */

/** What a piece of work waits for. Times are in milliseconds since 1970. */
export type Wait =
  /** The response of a host. */
  | { readonly kind: "call"; readonly host: string; readonly since: number }
  /** The next attempt of a call, after a failure of that code. */
  | {
    readonly kind: "retry";
    readonly code: string;
    /** Whether the service turned the call away as one of too many. */
    readonly isThrottled: boolean;
    /** When that is. */
    readonly until: number;
  }
  /** A lock, and who holds it: `process 4711, which asks for …`. */
  | { readonly kind: "lock"; readonly holder: string }
  /** A person who signs in on a page. */
  | { readonly kind: "sign-in"; readonly since: number };

/** How far the work is. */
export interface Progress {
  /** How many of them are done. */
  readonly done: number;
  /** How many were asked for. */
  readonly total: number;
  /** What is counted: "profiles". */
  readonly unit: string;
  /** What is waited for, the oldest first. */
  readonly waits: readonly Wait[];
}

/** Where a wait is noted until it is over. */
export interface WaitPort {
  /** The wait begins; disposed, it is over. */
  wait(wait: Wait): Disposable;
}

/** A piece of work. Disposed, it has ended. */
export interface Work extends Disposable {
  /** One more of it is done. */
  done(): void;
}

const nothingToEnd: Disposable = { [Symbol.dispose]() {} };

/** Collects what is done and waited for. While there is no work, waits are those of the background. */
export class ProgressState implements WaitPort {
  readonly #onChange: ((progress: Progress | undefined) => void) | undefined;
  readonly #waits = new Set<Wait>();
  #works = 0;
  #done = 0;
  #total = 0;
  #unit = "profiles";

  /**
   * `onChange` is called at each change while there is work, and with undefined when there is none left. Without it nothing
   * is collected.
   */
  constructor(onChange: ((progress: Progress | undefined) => void) | undefined) {
    this.#onChange = onChange;
  }

  /** Work on so many begins. */
  begin(total: number, unit = "profiles"): Work {
    this.#works++;
    this.#unit = unit;
    this.#total += total;
    this.#change();
    let left = total;
    let ended = false;
    return {
      done: () => {
        if (left === 0) return;
        left--;
        this.#done++;
        this.#change();
      },
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        this.#works--;
        if (this.#works > 0) return;
        this.#done = 0;
        this.#total = 0;
        this.#onChange?.(undefined);
      },
    };
  }

  wait(wait: Wait): Disposable {
    if (this.#onChange === undefined) return nothingToEnd;
    // Equal waits may be there at once.
    const own = { ...wait };
    this.#waits.add(own);
    this.#change();
    return {
      [Symbol.dispose]: () => {
        if (this.#waits.delete(own)) this.#change();
      },
    };
  }

  #change(): void {
    if (this.#onChange === undefined || this.#works === 0) return;
    const waits = [...this.#waits];
    this.#onChange({ done: this.#done, total: this.#total, unit: this.#unit, waits });
  }
}
