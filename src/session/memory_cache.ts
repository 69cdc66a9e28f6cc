/**
 * A session cache that ends with the process, for `--no-cache` and for systems without a home.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import type { CacheEntry } from "./cache_entry.ts";
import {
  type CacheListing,
  type CacheQuery,
  type CacheTime,
  endOf,
  hasEnded,
  presentFor,
  type SessionCache,
  willDo,
} from "./cache_port.ts";
import type { Refusal } from "./refusal.ts";

/** A cache that ends with the process, for `--no-cache`. */
export function createMemoryCache(ports: CacheTime): SessionCache {
  return new MemoryCache(ports);
}

class MemoryCache implements SessionCache {
  readonly #ports: CacheTime;
  readonly #entries = new Map<string, CacheEntry>();
  readonly #refusals = new Map<string, Refusal>();

  constructor(ports: CacheTime) {
    this.#ports = ports;
  }

  get(key: string, query: CacheQuery = {}): Promise<Credentials | undefined> {
    const entry = this.#entries.get(key);
    const serves = entry !== undefined && willDo(entry, query, presentFor(entry, this.#ports));
    return Promise.resolve(serves ? entry.credentials : undefined);
  }

  put(key: string, entry: CacheEntry): Promise<void> {
    this.#entries.set(key, entry);
    this.#refusals.delete(key);
    return Promise.resolve();
  }

  list(): Promise<readonly CacheListing[]> {
    const alive = [...this.#entries]
      .filter(([, entry]) => !hasEnded(entry, presentFor(entry, this.#ports)))
      .map(([key, entry]) => ({ key, ...entry }));
    return Promise.resolve(alive.sort((a, b) => endOf(a) - endOf(b)));
  }

  async remove(matches: (entry: CacheListing) => boolean): Promise<readonly CacheListing[]> {
    const found = (await this.list()).filter(matches);
    for (const { key } of found) this.#entries.delete(key);
    return found;
  }

  clear(): Promise<number> {
    const count = this.#entries.size;
    this.#entries.clear();
    this.#refusals.clear();
    return Promise.resolve(count);
  }

  refusal(key: string): Promise<Refusal | undefined> {
    return Promise.resolve(this.#refusals.get(key));
  }

  refuse(key: string, refusal: Refusal): Promise<void> {
    this.#refusals.set(key, refusal);
    return Promise.resolve();
  }

  canKeep(): Promise<boolean> {
    return Promise.resolve(false);
  }

  lockPath(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
