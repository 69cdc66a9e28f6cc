/**
 * Files.
 *
 * @module
 */

import type { FileFacts, Files } from "../system.ts";
import { fileVersion } from "../web/file_version.ts";
import { lockFile, lockNewFile } from "./file_lock.ts";
import { ioError } from "./io_error.ts";
import { dangles, isFolderReached, linkTarget, targetOrPath } from "./links.ts";
import { quickCalls } from "./quick_calls.ts";
import { replaceFile } from "./replacement.ts";
import { stdinNames } from "./streams/stdin.ts";
import { ownUid } from "./permissions/user.ts";

/** The port `Files`. */
export const files: Files = {
  async readText(path) {
    try {
      const kind = kindOf(path);
      if (kind === "missing") return undefined;
      if (kind === "small") return quickCalls.readText(path);
      return await (kind === "special" ? readSpecial(path) : Deno.readTextFile(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || await dangles(path, error)) return undefined;
      throw ioError(error);
    }
  },
  async readBytes(path) {
    try {
      if (kindOf(path) === "special") throw new Error("it is a pipe or a device");
      return await Deno.readFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || await dangles(path, error)) return undefined;
      throw ioError(error);
    }
  },
  async replaceText(path, text, options = {}) {
    const { mode = 0o600, makeFolders = true, stillWanted, isNew = false } = options;
    try {
      const target = isNew && isFolderReached(path) ? path : await linkTarget(path);
      await replaceFile(target, text, mode, makeFolders, stillWanted);
    } catch (error) {
      throw ioError(error);
    }
  },
  remove: (path) => settle(() => removeFile(path)),
  facts: (path) => settle(() => factsOf(path)),
  target: targetOrPath,
  list: (folder) => settle(() => namesIn(folder)),
  async lock(path, purpose, { signal, shared = false } = {}) {
    try {
      return await lockFile(path, { note: `${Deno.pid} ${purpose}`, shared, signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : ioError(error);
    }
  },
  lockNew: (path, purpose, options) => lockNewFile(path, `${Deno.pid} ${purpose}`, options),
};

/** A promise of what is there at once. */
function settle<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => resolve(make()));
}

function namesIn(folder: string): readonly string[] {
  try {
    return Array.from(quickCalls.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw ioError(error);
  }
}

function factsOf(path: string): FileFacts | undefined {
  if (stdinNames.includes(path)) {
    return { special: true, mode: undefined, foreign: false, size: 0, modified: 0 };
  }
  try {
    const { dev, ino, mode, uid, ctime, mtime, size, isFile, isDirectory } = quickCalls.stat(path);
    const [changed, modified] = [ctime?.getTime(), mtime?.getTime()];
    return {
      special: !isFile && !isDirectory,
      mode: mode === null ? undefined : mode & 0o777,
      foreign: isForeign(uid),
      size: isFile ? size : 0,
      modified: modified ?? 0,
      id: ino === null ? undefined : `${dev}:${ino}`,
      version: fileVersion({ dev, ino, size, changed, modified }),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw ioError(error);
  }
}

/** Whether another user owns it, as far as the program may know who runs it. */
function isForeign(uid: number | null): boolean {
  const own = ownUid();
  return own !== undefined && uid !== null && uid !== own;
}

/**
 * A file of so many bytes, 4 MiB, is read at once: it takes a millisecond at most, as handing it to another thread does, which
 * would keep as much memory as the file is long.
 */
const smallSize = 4_194_304;

/** Where it cannot be told, reading it will say why. */
function kindOf(path: string): "missing" | "small" | "plain" | "special" {
  // By another name it may not even be looked at.
  if (stdinNames.includes(path)) return "special";
  try {
    const { isFile, isDirectory, size } = quickCalls.stat(path);
    if (isFile && size <= smallSize) return "small";
    return isFile || isDirectory ? "plain" : "special";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : "plain";
  }
}

/** Loaded where there is something special, which is seldom. */
async function readSpecial(path: string): Promise<string> {
  // The usual name for no file at all.
  if (path === "/dev/null") return "";
  const { readSpecialFile } = await import("./streams/special_file.ts");
  return await readSpecialFile(path);
}

function removeFile(path: string): void {
  try {
    quickCalls.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw ioError(error);
  }
}
