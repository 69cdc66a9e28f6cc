/**
 * One call for many processes: whoever comes first asks STS, the others wait and find the answer in the cache, be it
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
import { concernsCode, concernsWaiter, createRefusal, hashCode, refusalError } from "./refusal.ts";

/** What sharing works with. */
export interface SharingPorts {
  readonly cache: SessionCache;
  readonly files: Pick<Files, "lock" | "readText">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far STS's clock is ahead, in milliseconds. */
  readonly skewMs: () => number;
  /** How long to wait for another process, in milliseconds; default two minutes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Told who is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/** Takes the code that is about to be sent. @throws {StsError} when STS has refused that very code */
export type CodeGuard = (code: MfaCode) => Promise<void>;

/** Credentials that several processes may want at once. */
export interface SharedRequest {
  readonly key: string;
  readonly owner: CacheOwner;
  /** The duration that STS is asked for, in seconds. */
  readonly durationSeconds: number;
  readonly signal: AbortSignal;
  /** Whether those in the cache serve; default: as `CacheQuery` says. */
  readonly serves?: CacheQuery["serves"];
  /** True gets new ones, whatever the cache holds. */
  readonly renew?: boolean | undefined;
  /**
   * What the call does while others wait, for their messages: `asks for the MFA code of "arn:…"`. Undefined for calls
   * that need no code: they are quick, and two of them do no harm, so nobody waits.
   */
  readonly purpose?: string | undefined;
  /** The call. A code passes the guard before it is sent. */
  readonly fetch: (guard: CodeGuard) => Promise<Credentials>;
}

/**
 * The credentials from the cache, or from the call, which then fills it.
 *
 * @throws {StsError} when STS refused, this process or the one that it waited for
 * @throws {StsavalError} when another process took too long
 */
export async function sharedSession(
  ports: SharingPorts,
  request: SharedRequest,
): Promise<Credentials> {
  const began = ports.clock.now();
  const known = await fromCache(ports, request);
  if (known !== undefined) return known;
  if (request.purpose === undefined) return await fetchAndKeep(ports, request);
  const lock = await lockUnlessBroken(ports, request, request.purpose);
  using _lock = lock;
  const made = lock === undefined ? undefined : await answerOfOther(ports, request, began);
  return made ?? await fetchAndKeep(ports, request);
}

async function fromCache(
  { cache }: SharingPorts,
  { key, durationSeconds, serves, renew }: SharedRequest,
): Promise<Credentials | undefined> {
  return renew ? undefined : await cache.get(key, { durationSeconds, serves });
}

/** What the process that held the lock before has left: credentials, or the refusal that is ours as well. */
async function answerOfOther(
  ports: SharingPorts,
  request: SharedRequest,
  began: number,
): Promise<Credentials | undefined> {
  const made = await fromCache(ports, request);
  if (made !== undefined) return made;
  const refusal = await ports.cache.refusal(request.key);
  if (refusal !== undefined && concernsWaiter(refusal, began, ports.clock.now())) {
    throw refusalError(refusal);
  }
  return undefined;
}

/** The lock; undefined where nobody shares the cache, or where the file system has no locks: then each asks alone. */
async function lockUnlessBroken(
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
    ports.logger.warn(`lock: "${path}" cannot be locked, so other processes may ask too: ${why}`);
    return undefined;
  }
}

async function fetchAndKeep(ports: SharingPorts, request: SharedRequest): Promise<Credentials> {
  const { cache, clock, skewMs } = ports;
  const { key, owner, durationSeconds } = request;
  let codeHash: string | undefined;
  let repeated: StsError | undefined;
  const guard: CodeGuard = async ({ serial, code }) => {
    codeHash = await hashCode(serial, code);
    const refusal = await cache.refusal(key);
    if (refusal === undefined || !concernsCode(refusal, codeHash, clock.now())) return;
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
