/**
 * Mutual exclusion between processes: a kernel lock, which a killed process cannot keep, and a note on the lock holder.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { StsavalError } from "../errors.ts";
import { hasNoLocks } from "../file_error.ts";
import type { Logger } from "../logger.ts";
import type { WaitPort } from "../progress.ts";
import type { Clock, Files } from "../system.ts";

/** The ports of a lock. */
export interface LockPorts {
  readonly files: Pick<Files, "lock" | "readText">;
  readonly clock: Clock;
}

/** Options of {@linkcode acquireLock}. */
export interface LockOptions {
  /** What the lock holder does, for the messages of waiters: `asks for the MFA code of "arn:…"`. Never a secret. */
  readonly purpose: string;
  /** What fails without the lock, for the error: `get the session token of profile "kim"`. */
  readonly goal: string;
  /** The timeout in milliseconds; default two minutes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** True admits other shared locks at the same time. */
  readonly shared?: boolean | undefined;
  /** Waits that are shorter are not reported, in milliseconds; default 300. */
  readonly quietMs?: number | undefined;
  /** Called with the lock holder, and again when it changes: `process 4711, which asks for …`. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Where the wait is noted, as long as `onWait` would be called. */
  readonly waits?: WaitPort | undefined;
}

/** Long enough for a person to find the phone. */
const defaultTimeoutMs = 120_000;
/** Shorter waits are not reported; the kernel needs some time to grant a lock that is free. */
const defaultQuietMs = 300;
const pollMs = 1_000;
/** One for all: an error of its own for each would cost more than the lock. */
const isDone = new DOMException("The lock is held or given up", "AbortError");

/**
 * Acquires the lock on the file; disposing it releases the lock to the next waiter.
 *
 * @throws {StsavalError} on timeout
 * @throws {Error} when the file cannot be locked at all, with a readable reason
 */
export async function acquireLock(
  ports: LockPorts,
  path: string,
  options: LockOptions,
): Promise<Disposable> {
  // One for the wait and for its watch: a signal of its own for each would cost more than the lock.
  const over = new AbortController();
  const { signal } = options;
  const stop = () => over.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  const locked = ports.files.lock(path, options.purpose, {
    signal: over.signal,
    shared: options.shared,
  });
  watch(ports, path, options, over.signal)
    .then((error) => over.abort(error))
    .catch(() => {});
  try {
    return await locked;
  } finally {
    signal?.removeEventListener("abort", stop);
    over.abort(isDone);
  }
}

/** Those who have been told that a file system has no locks: once is enough for a process. */
const warned = new WeakSet<object>();

/**
 * As {@linkcode acquireLock}, but undefined on a file system that has no locks, which is logged once for a process: the
 * work goes on without.
 *
 * @throws {StsavalError} on timeout
 * @throws {Error} when the file cannot be locked for another reason
 */
export async function acquireLockIfAny(
  ports: LockPorts & { readonly logger: Pick<Logger, "warn"> },
  path: string,
  options: LockOptions,
): Promise<Disposable | undefined> {
  try {
    return await acquireLock(ports, path, options);
  } catch (error) {
    if (!hasNoLocks(error)) throw error;
    warnOfNoLocks(ports, path, error);
    return undefined;
  }
}

/** Logs, once for a process, that processes cannot wait for one another here. */
export function warnOfNoLocks(
  { files, logger }: { readonly files: object; readonly logger: Pick<Logger, "warn"> },
  path: string,
  error: unknown,
): void {
  if (warned.has(files)) return;
  warned.add(files);
  const why = error instanceof Error ? error.message : String(error);
  logger.warn(
    `lock: "${path}" cannot be locked, so other processes may do the same at the same time: ${why}`,
  );
}

/** Reports the lock holder until the timeout; returns the error of the timeout. */
async function watch(
  { files, clock }: LockPorts,
  path: string,
  options: LockOptions,
  signal: AbortSignal,
): Promise<StsavalError> {
  const { timeoutMs = defaultTimeoutMs, quietMs = defaultQuietMs, goal, onWait, waits } = options;
  const end = clock.now() + Math.max(timeoutMs, defaultQuietMs);
  let holder: string | undefined;
  let noted: Disposable | undefined;
  try {
    for (let pause = quietMs; clock.now() < end; pause = pollMs) {
      await clock.sleep(Math.min(pause, end - clock.now()), { signal });
      const found = describeHolder(await files.readText(path).catch(() => undefined));
      signal.throwIfAborted();
      if (found === holder) continue;
      onWait?.(found);
      noted?.[Symbol.dispose]();
      noted = waits?.wait({ kind: "lock", holder: found });
      holder = found;
    }
  } finally {
    noted?.[Symbol.dispose]();
  }
  return new StsavalError(
    "FAILED",
    `Cannot ${goal}: waited ${formatDuration(timeoutMs / 1_000)} for ${holder ?? anotherProcess}`,
    { hint: "respond to its prompt or end it, or wait longer with --lock-timeout" },
  );
}

const anotherProcess = "another process";

/** Describes the lock holder from its note. The text reaches a terminal, so control characters are removed. */
function describeHolder(note: string | undefined): string {
  const [, pid, purpose] = /^(\d+) (.+)$/.exec((note ?? "").replace(/\p{C}/gu, "")) ?? [];
  return pid === undefined ? anotherProcess : `process ${pid}, which ${purpose}`;
}
