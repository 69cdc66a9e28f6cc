/**
 * The kernel's lock on a file, with a note of who holds it.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { FileError } from "../file_error.ts";
import { isFolderReached, isFree, linkTarget } from "./links.ts";
import { setMode } from "./modes.ts";
import { attempt, quickCalls } from "./quick_calls.ts";
import { inFolder, temporaryOf, writeText } from "./replacement.ts";
import { Turns } from "../turns.ts";

/** How a file is locked. */
export interface LockRequest {
  /** The text of the file while an exclusive lock is held. */
  readonly note: string;
  /** True admits other shared locks at the same time. */
  readonly shared: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Bounds the waits in the kernel. Each of them occupies a blocking thread of the runtime, of which Deno 2.4 has 32: the
 * rest is for the lock holders, which need files to finish their work.
 */
const kernelWaits = new Turns(16);

/** By path: one holder or one wait in the kernel at a time; the others of this process queue here. */
const queues = new Map<string, Turns>();

/** Waits for the lock; disposing it lets the next one on. */
export async function lockFile(
  path: string,
  { note, shared, signal }: LockRequest,
): Promise<Disposable> {
  signal?.throwIfAborted();
  const target = await linkTarget(path);
  // A path that leads to itself holds no link.
  if (target !== path) rejectLink(path);
  const turn = await takeTurn(target, signal);
  // Deno 2.4 has no tryLock, so the wait is the kernel's own: no polling, and one process is woken at a time.
  const locked = openLocked(target, shared, signal);
  const file = await abortable(() => locked, signal).catch((error) => {
    // The kernel's wait goes on: the turn is passed on when its lock has come and been given back.
    locked.then((late) => late.close()).catch(() => {}).finally(() => turn[Symbol.dispose]());
    throw error;
  });
  if (!shared) {
    writeNote(file, note);
    return held(file, turn);
  }
  turn[Symbol.dispose]();
  return once(() => file.close());
}

/**
 * The lock on a file that is not there: it is made under another name, locked, and only then linked to its own, so that
 * no other process can hold the lock before, and no wait is needed. Undefined if the file exists, or if the file system
 * does not allow it.
 */
export async function lockNewFile(
  path: string,
  note: string,
  { isNew = false }: { readonly isNew?: boolean | undefined } = {},
): Promise<Disposable | undefined> {
  // One that has come since is not linked over.
  if (queues.has(path) || !(isNew ? isFolderReached(path) : isFree(path))) return undefined;
  const turn = await takeTurn(path, undefined);
  const file = attempt(() => makeLocked(path, note));
  if (file !== undefined) return held(file, turn);
  turn[Symbol.dispose]();
  return undefined;
}

/** @throws {Error} where the file is there by now, or the file system has no locks or no links */
function makeLocked(path: string, note: string): Deno.FsFile {
  const other = temporaryOf(path);
  const mode = 0o600;
  const file = quickCalls.open(other, { createNew: true, read: true, write: true, mode });
  try {
    const { ino } = setMode(other, mode, file);
    file.lockSync(true);
    attempt(() => writeText(file, note));
    quickCalls.link(other, path);
    // Some file systems of user programs take the two names for two files, each with locks of its own.
    if (ino !== quickCalls.lstat(path).ino) throw new Error("it is another file");
    return file;
  } catch (error) {
    file.close();
    throw error;
  } finally {
    attempt(() => quickCalls.remove(other));
  }
}

/** An exclusive lock, and the turn of this process. */
function held(file: Deno.FsFile, turn: Disposable): Disposable {
  return once(() => {
    attempt(() => file.truncateSync(0));
    file.close();
    turn[Symbol.dispose]();
  });
}

/** A lock may be released before its scope ends; then there is nothing left to release. */
function once(release: () => void): Disposable {
  let released = false;
  return {
    [Symbol.dispose]() {
      if (!released) release();
      released = true;
    },
  };
}

/** What a link leads to may be a file of the user's, which the note would overwrite. */
function rejectLink(path: string): void {
  if (attempt(() => quickCalls.lstat(path).isSymlink) !== true) return;
  throw new FileError("it is a link, wanted a file that is only a lock", {
    hint: "remove the link, once you know who made it",
  });
}

async function takeTurn(path: string, signal: AbortSignal | undefined): Promise<Disposable> {
  const queue = queues.get(path) ?? new Turns(1);
  queues.set(path, queue);
  const turn = await queue.take(signal);
  return {
    [Symbol.dispose]() {
      turn[Symbol.dispose]();
      if (queue.idle) queues.delete(path);
    },
  };
}

async function openLocked(
  path: string,
  shared: boolean,
  signal: AbortSignal | undefined,
): Promise<Deno.FsFile> {
  using _wait = await kernelWaits.take(signal);
  const mode = 0o600;
  const file = await inFolder(
    path,
    () => quickCalls.open(path, { create: true, read: true, write: true, mode }),
  );
  try {
    if (!file.statSync().isFile) throw new FileError("it is not a regular file");
    setMode(path, mode, file);
    await file.lock(!shared);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Writes at the start of a file that was just opened. On a full disk there is no note: the lock holds all the same, and who
 * waits hears of another process.
 */
function writeNote(file: Deno.FsFile, note: string): void {
  attempt(() => {
    file.truncateSync(0);
    writeText(file, note);
  });
}
