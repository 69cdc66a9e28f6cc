/**
 * Mutual exclusion between processes: a kernel lock, which a killed process cannot keep, and a note on the lock holder.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { StsavalError } from "../errors.ts";
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
  /** Called with the lock holder, and again when it changes: `process 4711, which asks for …`. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/** Long enough for a person to find the phone. */
const defaultTimeoutMs = 120_000;
/** Shorter waits are not reported; the kernel needs some time to grant a lock that is free. */
const quietWaitMs = 300;
const pollMs = 1_000;

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
  const timeout = new AbortController();
  const done = new AbortController();
  const signal = options.signal === undefined
    ? timeout.signal
    : AbortSignal.any([options.signal, timeout.signal]);
  const locked = ports.files.lock(path, options.purpose, signal);
  watch(ports, path, options, done.signal)
    .then((error) => timeout.abort(error))
    .catch(() => {});
  try {
    return await locked;
  } finally {
    done.abort();
  }
}

/** Reports the lock holder until the timeout; returns the error of the timeout. */
async function watch(
  { files, clock }: LockPorts,
  path: string,
  { timeoutMs = defaultTimeoutMs, goal, onWait }: LockOptions,
  signal: AbortSignal,
): Promise<StsavalError> {
  const end = clock.now() + Math.max(timeoutMs, quietWaitMs);
  let holder: string | undefined;
  for (let pause = quietWaitMs; clock.now() < end; pause = pollMs) {
    await clock.sleep(Math.min(pause, end - clock.now()), { signal });
    const found = describeHolder(await files.readText(path).catch(() => undefined));
    signal.throwIfAborted();
    if (found !== holder) onWait?.(found);
    holder = found;
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
  const [, pid, purpose] = /^(\d+) (.+)$/.exec(note?.replace(/\p{C}/gu, "") ?? "") ?? [];
  return pid === undefined ? anotherProcess : `process ${pid}, which ${purpose}`;
}
