/**
 * Single flight across processes: the first one calls STS, the others wait and find the result in the cache, be it
 * credentials or a refusal.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { StsavalError, StsError, StsUnreachableError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { WaitPort } from "../progress.ts";
import type { MfaCode } from "../sts/sts.ts";
import type { Clock, Files } from "../system.ts";
import type { CacheQuery, SessionCache } from "./port.ts";
import type { CacheOwner } from "./entry.ts";
import type { LogoutMark } from "./logouts.ts";
import { isFreshForPrograms } from "../schedule.ts";
import { acquireLock, warnOfNoLocks } from "./lock.ts";
import {
  appliesToCode,
  appliesToWaiter,
  createRefusal,
  hashCode,
  refusalError,
} from "./refusal.ts";

/** The ports of sharing. */
export interface SharingPorts {
  readonly cache: SessionCache;
  readonly files: Pick<Files, "lock" | "lockNew" | "readText">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far STS's clock is ahead, in milliseconds. */
  readonly skewMs: () => number;
  /** How long to wait for another process, in milliseconds; default two minutes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Called with the lock holder that is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Where waits for other processes are noted. */
  readonly waits?: WaitPort | undefined;
}

/** Checks a code before it is sent. @throws {StsError} when STS has refused the same code */
export type CodeGuard = (code: MfaCode) => Promise<void>;

/** A request that several processes may make at once. */
export interface SharedRequest {
  readonly key: string;
  readonly owner: CacheOwner;
  /** The duration to request, in seconds. */
  readonly durationSeconds: number;
  /** The duration that cached credentials must have been requested with, in seconds; default `durationSeconds`. */
  readonly leastSeconds?: number | undefined;
  readonly signal: AbortSignal;
  /** Whether cached credentials can still be used; default: see `CacheQuery`. */
  readonly serves?: CacheQuery["serves"];
  /** True bypasses the cache. */
  readonly renew?: boolean | undefined;
  /** What the call does, for the messages of waiters: `asks for the MFA code of "arn:…"`. */
  readonly purpose: string;
  /**
   * True if the call only asks AWS. It is quick, and making it twice does no harm: who has waited too long, or for a call
   * that did not reach AWS, makes its own.
   */
  readonly repeatable?: boolean | undefined;
  /** What was known of logouts when it began, and when what it builds on did. */
  readonly mark?: (() => LogoutMark | undefined) | undefined;
  /** What the call builds on. Called before the lock is taken, since it may take other locks. */
  readonly prepare?: (() => Promise<unknown>) | undefined;
  /** The call. A code must pass the guard before it is sent. */
  readonly fetch: (guard: CodeGuard) => Promise<Credentials>;
  /** Where given, the credentials are returned while the cache still takes them, and it is called with the end of that. */
  readonly keeping?: ((kept: Promise<void>) => void) | undefined;
}

/**
 * The credentials from the cache, or from the call, which then fills it.
 *
 * @throws {StsError} when STS refused this process, or the one that it waited for
 * @throws {StsavalError} when another process took too long
 */
export async function sharedSession(
  ports: SharingPorts,
  request: SharedRequest,
): Promise<Credentials> {
  const began = ports.clock.now();
  const { key, durationSeconds, serves, renew } = request;
  const query = { durationSeconds: request.leastSeconds ?? durationSeconds, serves };
  const known = renew ? undefined : await ports.cache.look(key, query, true);
  if (known?.credentials !== undefined) return known.credentials;
  await request.prepare?.();
  const { lock, isNew } = await lockIfPossible(ports, request, known?.hasNoFolder);
  let held = lock;
  try {
    const look = () =>
      ports.cache.look(
        key,
        renew ? { ...query, serves: newerThan(ports, began, serves) } : query,
      );
    // A lock file that did not exist means that no other process has written for this key since the first look.
    const found = lock === undefined ? undefined : isNew && known?.isVacant ? known : await look();
    const { credentials, refusal, isVacant = false } = found ?? {};
    if (credentials !== undefined) return credentials;
    if (refusal !== undefined && appliesToWaiter(refusal, began, ports.clock.now())) {
      if (!refusal.unreachable) throw refusalError(refusal);
      // The others need not wait for this attempt to fail as well.
      if (request.repeatable) lock?.[Symbol.dispose]();
    }
    const made = await fetchForOthers(ports, request).catch(async (error) => {
      if (lock !== undefined) await ports.cache.tidy(key);
      throw error;
    });
    const kept = keep(ports, request, made, isVacant);
    if (request.keeping === undefined) await kept;
    else {
      held = undefined;
      request.keeping(kept.finally(() => lock?.[Symbol.dispose]()));
    }
    return made;
  } finally {
    held?.[Symbol.dispose]();
  }
}

/** Whether credentials were made by another process while this one waited to renew them. */
function newerThan(
  { clock }: SharingPorts,
  began: number,
  serves: NonNullable<CacheQuery["serves"]> = isFreshForPrograms,
): NonNullable<CacheQuery["serves"]> {
  return (times, now) =>
    times.StartTime.getTime() > began + (now - clock.now()) && serves(times, now);
}

/** Longer than all attempts of a call take; a holder that was stopped may never end. */
const longestRepeatableWaitMs = 40_000;
/** Others make the same call most of the time, so only a long wait is worth a message. */
const quietRepeatableMs = 5_000;

/** The lock of a key. */
interface KeyLock {
  readonly lock?: Disposable | undefined;
  /** Whether this process has made its file. */
  readonly isNew?: boolean;
}

/**
 * The lock; none if the cache is not shared, the file cannot be locked, or a call that is repeatable has been waited
 * for long enough: then the process calls STS by itself.
 */
async function lockIfPossible(
  ports: SharingPorts,
  { key, owner, purpose, repeatable, signal }: SharedRequest,
  hasNoFile: boolean | undefined,
): Promise<KeyLock> {
  const path = await ports.cache.lockPath(key);
  if (path === undefined) return {};
  const made = await ports.files.lockNew?.(path, purpose, { isNew: hasNoFile });
  if (made !== undefined) return { lock: made, isNew: true };
  const { lockTimeoutMs, onWait, waits } = ports;
  const limits = repeatable
    ? {
      timeoutMs: Math.min(lockTimeoutMs ?? Infinity, longestRepeatableWaitMs),
      quietMs: quietRepeatableMs,
    }
    : { timeoutMs: lockTimeoutMs };
  try {
    const goal = `get credentials for profile "${owner.profile}"`;
    const options = { ...limits, purpose, goal, signal, onWait, waits };
    return { lock: await acquireLock(ports, path, options) };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof StsavalError) {
      if (repeatable) return {};
      throw error;
    }
    warnOfNoLocks(ports, path, error);
    return {};
  }
}

async function fetchForOthers(
  { cache, clock }: SharingPorts,
  request: SharedRequest,
): Promise<Credentials> {
  const { key, owner } = request;
  let codeHash: string | undefined;
  let repeated: StsError | undefined;
  const guard: CodeGuard = async ({ serial, code }) => {
    codeHash = await hashCode(serial, code);
    const refusal = await cache.refusal(key);
    if (refusal === undefined || !appliesToCode(refusal, codeHash, clock.now())) return;
    throw repeated = refusalError(refusal);
  };
  try {
    return await request.fetch(guard);
  } catch (error) {
    const isAnswer = error instanceof StsError || error instanceof StsUnreachableError;
    if (isAnswer && error !== repeated) {
      const refusal = createRefusal(error, clock.now(), codeHash, owner);
      await cache.refuse(key, refusal, request.mark?.());
    }
    throw error;
  }
}

async function keep(
  { cache, skewMs }: SharingPorts,
  { key, owner, durationSeconds, mark }: SharedRequest,
  credentials: Credentials,
  isVacant: boolean,
): Promise<void> {
  const entry = { ...owner, durationSeconds, skewMs: skewMs(), credentials };
  await cache.put(key, entry, mark?.(), isVacant);
}
