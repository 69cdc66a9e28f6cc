/**
 * A keeper of cache keys that lives in memory.
 *
 * @module
 */

import type { CacheKeyKeeper, CacheKeyKeepers } from "../../../src/cache/sealing/port.ts";

/** A keeper, and what was asked of it. */
export class FakeKeeper implements CacheKeyKeeper, CacheKeyKeepers {
  readonly name: string;
  /** What is kept. */
  key: string | undefined;
  /** Thrown by everything that is asked, while it is set. */
  problem: Error | undefined;
  /** What was asked, in order. */
  readonly asked: string[] = [];

  constructor(name = "keyctl") {
    this.name = name;
  }

  keeper(name = this.name): Promise<CacheKeyKeeper> {
    if (name !== this.name) return Promise.reject(new Error(`there is no opener "${name}"`));
    return Promise.resolve(this);
  }

  async load(note: string): Promise<string | undefined> {
    await this.#note("load");
    return note === "a note" ? this.key : undefined;
  }

  async store(key: string): Promise<string> {
    await this.#note("store");
    this.key = key;
    return "a note";
  }

  async remove(): Promise<void> {
    await this.#note("remove");
    this.key = undefined;
  }

  #note(what: string): Promise<void> {
    this.asked.push(what);
    return this.problem === undefined ? Promise.resolve() : Promise.reject(this.problem);
  }
}
