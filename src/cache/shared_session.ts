/**
 * Single flight across processes: the first one calls STS, the others wait and find the result in the cache, be it
 * credentials or a refusal.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { StsavalError, StsError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { MfaCode } from "../sts/sts.ts";
import type { Clock, Files } from "../system.ts";
import type { CacheQuery, SessionCache } from "./port.ts";
import type { CacheOwner } from "./entry.ts";
import { acquireLock } from "./lock.ts";
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
  readonly files: Pick<Files, "lock" | "readText">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far STS's clock is ahead, in milliseconds. */
  readonly skewMs: () => number;
  /** How long to wait for another process, in milliseconds; default two minutes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Called with the lock holder that is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/** Checks a code before it is sent. @throws {StsError} when STS has refused the same code */
export type CodeGuard = (code: MfaCode) => Promise<void>;

/** A request that several processes may make at once. */
export interface SharedRequest {
  readonly key: string;
  readonly owner: CacheOwner;
  /** The duration to request, in seconds. */
  readonly durationSeconds: number;
  readonly signal: AbortSignal;
  /** Whether cached credentials can still be used; default: see `CacheQuery`. */
  readonly serves?: CacheQuery["serves"];
  /** True bypasses the cache. */
  readonly renew?: boolean | undefined;
  /**
   * What the call does, for the messages of waiters: `asks for the MFA code of "arn:…"`. Undefined for calls that need
   * no code: they are quick, and duplicates are harmless, so they take no lock.
   */
  readonly purpose?: string | undefined;
  /** The call. A code must pass the guard before it is sent. */
  readonly fetch: (guard: CodeGuard) => Promise<Credentials>;
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
  const known = await fromCache(ports, request);
  if (known !== undefined) return known;
  if (request.purpose === undefined) return await fetchAndCache(ports, request);
  const lock = await lockIfPossible(ports, request, request.purpose);
  using _lock = lock;
  const made = lock === undefined ? undefined : await resultOfHolder(ports, request, began);
  return made ?? await fetchAndCache(ports, request);
}

async function fromCache(
  { cache }: SharingPorts,
  { key, durationSeconds, serves, renew }: SharedRequest,
): Promise<Credentials | undefined> {
  return renew ? undefined : await cache.get(key, { durationSeconds, serves });
}

/** The result of the previous lock holder: credentials, or a refusal that applies to this request too. */
async function resultOfHolder(
  ports: SharingPorts,
  request: SharedRequest,
  began: number,
): Promise<Credentials | undefined> {
  const made = await fromCache(ports, request);
  if (made !== undefined) return made;
  const refusal = await ports.cache.refusal(request.key);
  if (refusal !== undefined && appliesToWaiter(refusal, began, ports.clock.now())) {
    throw refusalError(refusal);
  }
  return undefined;
}

/** The lock; undefined if the cache is not shared, or the file system has no locks: then each process calls STS. */
async function lockIfPossible(
  ports: SharingPorts,
  { key, owner, signal }: SharedRequest,
  purpose: string,
): Promise<Disposable | undefined> {
  const path = await ports.cache.lockPath(key);
  if (path === undefined) return undefined;
  try {
    return await acquireLock(ports, path, {
      purpose,
      goal: `get credentials for profile "${owner.profile}"`,
      timeoutMs: ports.lockTimeoutMs,
      signal,
      onWait: ports.onWait,
    });
  } catch (error) {
    if (signal.aborted || error instanceof StsavalError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    ports.logger.warn(
      `lock: "${path}" cannot be locked, so other processes may prompt too: ${why}`,
    );
    return undefined;
  }
}

async function fetchAndCache(ports: SharingPorts, request: SharedRequest): Promise<Credentials> {
  const { cache, clock, skewMs } = ports;
  const { key, owner, durationSeconds } = request;
  let codeHash: string | undefined;
  let repeated: StsError | undefined;
  const guard: CodeGuard = async ({ serial, code }) => {
    codeHash = await hashCode(serial, code);
    const refusal = await cache.refusal(key);
    if (refusal === undefined || !appliesToCode(refusal, codeHash, clock.now())) return;
    throw repeated = refusalError(refusal);
  };
  try {
    const credentials = await request.fetch(guard);
    await cache.put(key, { ...owner, durationSeconds, skewMs: skewMs(), credentials });
    return credentials;
  } catch (error) {
    if (error instanceof StsError && error !== repeated) {
      await cache.refuse(key, createRefusal(error, clock.now(), codeHash));
    }
    throw error;
  }
}
