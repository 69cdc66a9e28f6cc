/**
 * The port `SessionCache`, and which of its entries serve whom. `cache.ts` keeps them on disk.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import type { Clock } from "../system.ts";
import type { CacheEntry } from "./entry.ts";
import type { Refusal } from "./refusal.ts";
import { type CredentialTimes, isFreshForPrograms } from "../schedule.ts";

/** Which entry will do. */
export interface CacheQuery {
  /** An entry that was asked for with a shorter duration, in seconds, will not. */
  readonly durationSeconds?: number | undefined;
  /** Whether it still serves; default: `isFreshForPrograms`, so more than 15 minutes are left. */
  readonly serves?: ((times: CredentialTimes, now: number) => boolean) | undefined;
}

/** An entry and the key that it is under. */
export interface CacheListing extends CacheEntry {
  readonly key: string;
}

/** How many entries are gone, and how many could not be removed. */
export interface Removal {
  readonly removed: number;
  readonly left: number;
}

/** What tells a cache the time. */
export interface CacheTime {
  readonly clock: Pick<Clock, "now">;
  /** How far STS's clock is ahead, in milliseconds, as STS itself told this process; undefined before it did. */
  readonly skewMs?: (() => number | undefined) | undefined;
  /**
   * Told how far STS's clock was ahead, by an entry that is handed out, and when that was issued: until STS is called,
   * the newest of them is all that is known.
   */
  readonly onSkew?: ((ms: number, issued: number) => void) | undefined;
}

/** Keeps credentials. Nothing that goes wrong in it is an error: what cannot be read is a miss, and is logged. */
export interface SessionCache {
  /** The credentials under the key, if there are any that will do. */
  get(key: string, query?: CacheQuery): Promise<Credentials | undefined>;
  /** Keeps the entry in place of the one before. */
  put(key: string, entry: CacheEntry): Promise<void>;
  /** All that is alive, the first to end first. */
  list(): Promise<readonly CacheListing[]>;
  /** Forgets the entries for which `matches` is true. */
  remove(matches: (entry: CacheListing) => boolean): Promise<Removal>;
  /** Forgets everything, what cannot be read included. */
  clear(): Promise<Removal>;
  /** What STS refused last under the key. */
  refusal(key: string): Promise<Refusal | undefined>;
  /** Keeps a refusal for the other processes. */
  refuse(key: string, refusal: Refusal): Promise<void>;
  /** Whether entries can be kept where they outlast this process. What keeps them from it is logged. */
  canKeep(): Promise<boolean>;
  /** The file whose lock keeps other processes away from the key; undefined where no process shares the cache. */
  lockPath(key: string): Promise<string | undefined>;
}

/** When the entry's credentials end, in milliseconds since 1970. */
export function endOf({ credentials }: CacheEntry): number {
  return credentials.Expiration.getTime();
}

/** True once nothing is left of them. */
export function hasEnded(entry: CacheEntry, now: number): boolean {
  return endOf(entry) <= now;
}

/** True where the entry is an answer to the query. */
export function willDo(
  entry: CacheEntry,
  { durationSeconds = 0, serves = isFreshForPrograms }: CacheQuery,
  now: number,
): boolean {
  return entry.durationSeconds >= durationSeconds && serves(entry.credentials, now);
}

/**
 * The present by STS's clock. A process that has not called STS yet takes the entry's word for a clock that is slow. For
 * one that is fast it does not: if the clock has been set right since, the entry would seem to live longer than it does.
 */
export function presentFor(entry: CacheEntry, { clock, skewMs }: CacheTime): number {
  return clock.now() + (skewMs?.() ?? Math.max(0, entry.skewMs));
}
