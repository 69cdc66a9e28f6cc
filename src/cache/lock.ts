/**
 * One process at a time: a lock of the kernel, which a killed process cannot keep, with word of who holds it.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { StsavalError } from "../errors.ts";
import type { Clock, Files } from "../system.ts";

/** What a lock works with. */
export interface LockPorts {
  readonly files: Pick<Files, "lock" | "readText">;
  readonly clock: Clock;
}

/** How a lock is waited for. */
export interface LockOptions {
  /** What the holder does with it, for those who wait: `asks for the MFA code of "arn:…"`. Never a secret. */
  readonly purpose: string;
  /** What cannot be done without it, for the error: `get the session token of profile "kim"`. */
  readonly goal: string;
  /** How long to wait, in milliseconds; default two minutes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told who is waited for, and again whenever it is another: `process 4711, which asks for …`. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/** Long enough for a person to find the phone. */
const defaultTimeoutMs = 120_000;
/** Nobody needs to hear of a shorter wait, and the kernel gets that much time to grant a lock that is free. */
const quietMs = 300;
const lookMs = 1_000;

/**
 * The lock on the file; disposing it lets the next process on.
 *
 * @throws {StsavalError} when it was not free in time
 * @throws {Error} when the file cannot be locked at all, with the reason in words
 */
export async function acquireLock(
  ports: LockPorts,
  path: string,
  options: LockOptions,
): Promise<Disposable> {
  const drop = new AbortController();
  const ended = new AbortController();
  const signal = options.signal === undefined
    ? drop.signal
    : AbortSignal.any([options.signal, drop.signal]);
  const locked = ports.files.lock(path, options.purpose, signal);
  watch(ports, path, options, ended.signal)
    .then((error) => drop.abort(error))
    .catch(() => {});
  try {
    return await locked;
  } finally {
    ended.abort();
  }
}

/** Tells who is waited for, until the time is up; then why to give up. */
async function watch(
  { files, clock }: LockPorts,
  path: string,
  { timeoutMs = defaultTimeoutMs, goal, onWait }: LockOptions,
  signal: AbortSignal,
): Promise<StsavalError> {
  const end = clock.now() + Math.max(timeoutMs, quietMs);
  let holder: string | undefined;
  for (let pause = quietMs; clock.now() < end; pause = lookMs) {
    await clock.sleep(Math.min(pause, end - clock.now()), { signal });
    const found = describeHolder(await files.readText(path).catch(() => undefined));
    signal.throwIfAborted();
    if (found !== holder) onWait?.(found);
    holder = found;
  }
  return new StsavalError(
    "FAILED",
    `Cannot ${goal}: waited ${formatDuration(timeoutMs / 1_000)} for ${holder ?? anotherProcess}`,
    { hint: "answer or end that process, or wait longer with --lock-timeout" },
  );
}

const anotherProcess = "another process";

/** The holder's own note in words. It ends on a terminal, so nothing of it may steer one. */
function describeHolder(note: string | undefined): string {
  const [, pid, purpose] = /^(\d+) (.+)$/.exec(note?.replace(/\p{C}/gu, "") ?? "") ?? [];
  return pid === undefined ? anotherProcess : `process ${pid}, which ${purpose}`;
}
