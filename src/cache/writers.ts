/**
 * What the writers of one process hold together: the lock that keeps logouts out, and what was read under it. Each would
 * otherwise take the lock and look for logouts and a seal by itself, which costs more than to write its file.
 *
 * @module
 */

import type { Clock } from "../system.ts";
import type { CacheOwner } from "./entry.ts";
import type { LogoutFile } from "./logout_file.ts";
import { isLoggedOut, type LogoutLog, type LogoutMark } from "./logouts.ts";
import type { CacheSeal, SealState } from "./sealing/seal.ts";

/** A writer's part of the lock; disposing it gives it back. */
export interface WriterHold extends Disposable {
  /** How the cache is sealed; undefined if it is not. */
  readonly seal: SealState | undefined;
  /** True if a logout may not have waited for the lock, as after a writer that was stopped. */
  readonly isOverdue: boolean;
  /** As `LogoutFile.covers()`. */
  covers(mark: LogoutMark, owner: CacheOwner): Promise<boolean>;
}

interface Joint {
  readonly lock: Disposable;
  readonly since: number;
  readonly log: LogoutLog | undefined;
  readonly seal: SealState | undefined;
}

interface Begun {
  readonly joint: Promise<Joint | undefined>;
  /** Once it is there. */
  known?: Joint | undefined;
  members: number;
}

/** Who comes later begins anew, so that a long list of profiles does not keep a logout out until its end. */
const joinableMs = 50;
/** A logout waits for 10 seconds. */
const longestMs = 9_000;

/** The writers of a cache. */
export class Writers {
  readonly #clock: Pick<Clock, "now">;
  readonly #logouts: LogoutFile;
  readonly #seal: CacheSeal;
  #newest: Begun | undefined;

  /** Takes no lock yet. */
  constructor(clock: Pick<Clock, "now">, logouts: LogoutFile, seal: CacheSeal) {
    this.#clock = clock;
    this.#logouts = logouts;
    this.#seal = seal;
  }

  /** Waits for the lock, or joins those who have it; undefined if it cannot be had. */
  async join(): Promise<WriterHold | undefined> {
    const begun = this.#joinable() ?? { joint: this.#take(), members: 0 };
    this.#newest = begun;
    begun.members++;
    const joint = begun.known = await begun.joint;
    if (joint !== undefined) return this.#memberOf(begun, joint);
    this.#end(begun);
    return undefined;
  }

  /** Likewise, once the key of a sealed cache is there: whoever keeps it may be a program, for which no lock is held. */
  async joinWithKey(): Promise<WriterHold | undefined> {
    while (true) {
      const hold = await this.join();
      if (hold?.seal === undefined || this.#seal.knows(hold.seal)) return hold;
      hold[Symbol.dispose]();
      await this.#seal.prepare(hold.seal);
    }
  }

  #joinable(): Begun | undefined {
    const since = this.#newest?.known?.since;
    return since === undefined || this.#clock.now() - since < joinableMs ? this.#newest : undefined;
  }

  #end(begun: Begun): void {
    if (this.#newest === begun) this.#newest = undefined;
  }

  async #take(): Promise<Joint | undefined> {
    const lock = await this.#logouts.lock("writer");
    if (lock === undefined) return undefined;
    const since = this.#clock.now();
    return { lock, since, log: await this.#logouts.log(), seal: await this.#seal.state() };
  }

  #memberOf(begun: Begun, { lock, since, log, seal }: Joint): WriterHold {
    const isOverdue = () => this.#clock.now() - since > longestMs;
    return {
      seal,
      get isOverdue() {
        return isOverdue();
      },
      covers: async (mark, owner) =>
        isLoggedOut(isOverdue() ? await this.#logouts.log() : log, mark, owner),
      [Symbol.dispose]: () => {
        if (--begun.members > 0) return;
        this.#end(begun);
        lock[Symbol.dispose]();
      },
    };
  }
}
