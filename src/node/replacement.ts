/**
 * Replacing a file as a whole: written beside it, flushed, renamed.
 *
 * @module
 */

import { chmod, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "./io_error.ts";
import { targetOrPath } from "./links.ts";

/** How a file is replaced. */
export interface Replacement {
  readonly mode: number;
  readonly makeFolders: boolean;
  /** Asked when the new text is on the disk: if it says no, the old file stays. */
  readonly stillWanted: (() => Promise<boolean>) | undefined;
}

/** Replaces the file, which is no link. */
export async function replaceFile(
  path: string,
  text: string,
  { mode, makeFolders, stillWanted }: Replacement,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  const create = () => open(temporary, "wx", mode);
  try {
    const file = await (makeFolders ? inFolder(path, create) : create());
    try {
      await giveMode(file, mode);
      await file.writeFile(text);
      // A file that is renamed before the disk has it may be empty after a crash.
      await file.sync();
    } finally {
      await file.close();
    }
    if (await stillWanted?.() ?? true) await rename(temporary, path);
    else await rm(temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Gives the owner of a new file the bits of the mode that the umask took. */
async function giveMode(file: FileHandle, mode: number): Promise<void> {
  const found = (await file.stat()).mode;
  // File systems without modes refuse: what the file was created with is then all there is.
  if ((found & mode) !== mode) await file.chmod(mode).catch(() => {});
}

/** Makes a file, and its folder if that is missing. */
async function inFolder(path: string, make: () => Promise<FileHandle>): Promise<FileHandle> {
  try {
    return await make();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    await makeFolder(await targetOrPath(dirname(path)));
    return await make();
  }
}

/** Makes a folder, and those above it that are missing, for their owner alone, whatever the umask. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    const parent = dirname(path);
    if (codeOf(error) !== "ENOENT" || parent === path) throw error;
    await makeFolder(parent);
    return await makeFolder(path);
  }
  await chmod(path, 0o700).catch(() => {});
}
