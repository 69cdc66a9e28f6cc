/**
 * The kernel's lock on a file, with a note of who holds it.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { linkTarget } from "./links.ts";
import { inFolder } from "./replacement.ts";

/** Waits for the lock; disposing it lets the next one on. */
export async function lockFile(
  path: string,
  note: string,
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  signal?.throwIfAborted();
  const target = await linkTarget(path);
  const file = await inFolder(
    target,
    () => Deno.open(target, { create: true, read: true, write: true, mode: 0o600 }),
  );
  if (!(await file.stat()).isFile) {
    file.close();
    throw new Error("it is not a regular file");
  }
  // Deno 2.4 has no tryLock, so the wait is the kernel's own: no polling, and one process is woken at a time.
  const locked = file.lock(true);
  try {
    await abortable(() => locked, signal);
  } catch (error) {
    locked.finally(() => file.close()).catch(() => {});
    throw error;
  }
  writeNote(file, note);
  return {
    [Symbol.dispose]() {
      writeNote(file, "");
      file.close();
    },
  };
}

/** On a full disk there is no note: the lock holds all the same, and who waits hears of another process. */
function writeNote(file: Deno.FsFile, note: string): void {
  try {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    const bytes = new TextEncoder().encode(note);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  } catch {
    return;
  }
}
