/**
 * Files.
 *
 * @module
 */

import { readdir, readFile, rm, stat } from "node:fs/promises";
import { FileError } from "../file_error.ts";
import type { Files } from "../system.ts";
import { fileVersion } from "../web/file_version.ts";
import { codeOf, ioError } from "./io_error.ts";
import { linkTarget, ownUid, targetOrPath } from "./links.ts";
import { replaceFile } from "./replacement.ts";
import { readSpecialFile } from "./special_file.ts";

/** The port `Files`. */
export const files: Files = {
  hasLocks: false,
  async readText(path) {
    return await orMissing(undefined, async () => {
      const facts = await stat(path);
      const isSpecial = !facts.isFile() && !facts.isDirectory();
      return await (isSpecial ? readSpecialFile(path) : readFile(path, "utf8"));
    });
  },
  readBytes: (path) =>
    orMissing(undefined, async () => {
      const facts = await stat(path);
      if (!facts.isFile() && !facts.isDirectory()) throw new Error("it is a pipe or a device");
      return new Uint8Array(await readFile(path));
    }),
  async replaceText(path, text, { mode = 0o600, makeFolders = true, stillWanted } = {}) {
    try {
      await replaceFile(await linkTarget(path), text, { mode, makeFolders, stillWanted });
    } catch (error) {
      throw ioError(error);
    }
  },
  remove: (path) => orMissing(undefined, () => rm(path)),
  facts: (path) =>
    orMissing(undefined, async () => {
      const facts = await stat(path);
      const uid = ownUid();
      return {
        special: !facts.isFile() && !facts.isDirectory(),
        mode: uid === undefined ? undefined : facts.mode & 0o777,
        foreign: uid !== undefined && facts.uid !== uid,
        size: facts.isFile() ? facts.size : 0,
        modified: Math.trunc(facts.mtimeMs),
        id: `${facts.dev}:${facts.ino}`,
        version: fileVersion({ ...facts, changed: facts.ctimeMs, modified: facts.mtimeMs }),
      };
    }),
  target: targetOrPath,
  list: (folder) => orMissing([], () => readdir(folder)),
  lock(_path, _purpose, { signal } = {}) {
    return Promise.reject(
      signal?.aborted
        ? signal.reason
        : new FileError("Node and Bun have no locks of the kernel", { code: "ENOSYS" }),
    );
  },
};

/** What the work gives, or the other value if there is no such file. */
async function orMissing<Value, Missing>(
  missing: Missing,
  work: () => Promise<Value>,
): Promise<Value | Missing> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return missing;
    throw ioError(error);
  }
}
