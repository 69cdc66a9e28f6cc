/**
 * The port `SessionCache`, and the rules for matching its entries. `cache.ts` implements it on disk.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import type { Clock } from "../system.ts";
import type { CacheEntry } from "./entry.ts";
import type { FolderProblem } from "./owner_only_folder.ts";
import type { LogoutMark, LogoutScopes } from "./logouts.ts";
import type { Refusal } from "./refusal.ts";
import { type CredentialTimes, isFreshForPrograms } from "../schedule.ts";

/** What an entry must satisfy. */
export interface CacheQuery {
  /** The minimum duration that the entry was requested with, in seconds. */
  readonly durationSeconds?: number | undefined;
  /** Whether it can still be used; default: `isFreshForPrograms`, so more than 15 minutes are left. */
  readonly serves?: ((times: CredentialTimes, now: number) => boolean) | undefined;
}

/** What is known of an entry without opening it, and its key. */
export interface CacheListing extends Omit<CacheEntry, "credentials"> {
  readonly key: string;
  /** Without the access key where the entry is sealed. */
  readonly credentials: Pick<Credentials, "StartTime" | "Expiration"> & {
    readonly AccessKeyId?: string;
  };
  /** True if the credentials are sealed. */
  readonly isSealed?: boolean;
}

/** What the holder of a key's lock finds. */
export interface Finding {
  readonly credentials?: Credentials | undefined;
  /** Looked for where there are no credentials. */
  readonly refusal?: Refusal | undefined;
  /** True if there is no file of either. */
  readonly isVacant: boolean;
  /** True if there is no folder, and so no lock. */
  readonly hasNoFolder?: boolean;
}

/** How many entries were removed, and how many could not be. */
export interface Removal {
  readonly removed: number;
  readonly left: number;
}

/** The time source of a cache. */
export interface CacheTime {
  readonly clock: Pick<Clock, "now">;
  /** How far STS's clock is ahead, in milliseconds, as measured by this process; undefined before that. */
  readonly skewMs?: (() => number | undefined) | undefined;
  /**
   * Called with the clock skew recorded in an entry that is returned, and its issue time: until STS is called, the newest
   * one is the best estimate.
   */
  readonly onSkew?: ((ms: number, issued: number) => void) | undefined;
}

/** Stores credentials. It never fails: an unreadable entry is a cache miss, and is logged. */
export interface SessionCache {
  /** The cached credentials for the key, if they satisfy the query. */
  get(key: string, query?: CacheQuery): Promise<Credentials | undefined>;
  /**
   * The credentials, or the last refusal of STS for the key: what other processes have left, once its lock is held. Before
   * that it is `early`: that there is nothing may be true of a moment ago, when another caller looked.
   */
  look(key: string, query?: CacheQuery, early?: boolean): Promise<Finding>;
  /** What is known of logouts now: a request that begins has it taken, and hands it in with what it stores. */
  mark(): Promise<LogoutMark>;
  /**
   * Stores the entry, replacing any older one and a refusal, unless a logout since the mark concerns it. Who still holds the
   * lock under which nothing was found says so: then nothing is looked for again.
   */
  put(key: string, entry: CacheEntry, mark?: LogoutMark, isVacant?: boolean): Promise<void>;
  /**
   * Seals the cache, or ends that: what is stored already is rewritten, and answers that are kept in the clear are removed.
   * Nothing happens where it is so already. Where it cannot be sealed, nothing more is stored; that is said.
   */
  seal(wanted: boolean): Promise<void>;
  /** Whether the cache is sealed. */
  isSealed(): Promise<boolean>;
  /** What keeps the key of a sealed cache, such as "keyctl"; undefined for one in the clear. */
  sealedBy(): Promise<string | undefined>;
  /** All live entries, by expiration; none of them is opened. */
  list(): Promise<readonly CacheListing[]>;
  /** What `list`, `remove` and `clear` could not look at: the folder, or files in it. The reasons are logged. */
  unseen(): readonly string[];
  /**
   * Removes what the logout concerns, and keeps out what was begun before it, in every process. "all" removes unreadable
   * files too.
   */
  logOut(scopes: LogoutScopes): Promise<Removal>;
  /** The last refusal of STS for the key. */
  refusal(key: string): Promise<Refusal | undefined>;
  /** Stores a refusal for the other processes. */
  refuse(key: string, refusal: Refusal, mark?: LogoutMark): Promise<void>;
  /** Why entries cannot be persisted; undefined if they can. The reason is logged. */
  keepProblem(): Promise<FolderProblem | undefined>;
  /** False where the cache is sealed and its key cannot be had: then nothing is persisted. The reason is logged. */
  ensureKey(): Promise<boolean>;
  /** The path of the lock file for the key; undefined if no other process shares the cache. */
  lockPath(key: string): Promise<string | undefined>;
  /**
   * Removes the folder again, if it was created for the lock of this key alone. The lock is held: whoever waits for it goes
   * on with a lock that newcomers do not see, which can cost a second prompt, and nothing else.
   */
  tidy(key: string): Promise<void>;
}

/** The times of an entry, sealed or not. */
interface EntryTimes {
  readonly credentials: Pick<Credentials, "StartTime" | "Expiration">;
}

/** When the entry's credentials expire, in milliseconds since 1970. */
export function expiryOf({ credentials }: EntryTimes): number {
  return credentials.Expiration.getTime();
}

/** True once the entry has expired. */
export function isExpired(entry: EntryTimes, now: number): boolean {
  return expiryOf(entry) <= now;
}

/** True if the entry satisfies the query. */
export function matchesQuery(
  entry: EntryTimes & Pick<CacheEntry, "durationSeconds">,
  { durationSeconds = 0, serves = isFreshForPrograms }: CacheQuery,
  now: number,
): boolean {
  return entry.durationSeconds >= durationSeconds && serves(entry.credentials, now);
}

/**
 * The current time by STS's clock. A process that has not called STS yet trusts the entry's skew if the local clock was
 * slow. If it was fast, it does not: if the clock has been corrected since, the entry would seem to live too long.
 */
export function nowFor(
  entry: Pick<CacheEntry, "skewMs">,
  { clock, skewMs }: CacheTime,
): number {
  return clock.now() + (skewMs?.() ?? Math.max(0, entry.skewMs));
}
