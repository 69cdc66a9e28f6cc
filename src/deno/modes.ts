/**
 * The modes of files and folders that were just created: a umask can take bits away that their owner needs.
 *
 * @module
 */

import { attempt, quickCalls } from "./quick_calls.ts";

/** Gives the owner of a new file the bits of the mode that the umask took; returns what the file was before. */
export function setMode(
  path: string,
  mode: number,
  file: Pick<Deno.FsFile, "statSync">,
): Deno.FileInfo {
  const found = file.statSync();
  if (found.mode !== null && (found.mode & mode) !== mode) changeMode(path, mode);
  return found;
}

/** Makes a folder, and those above it that are missing, all with this mode. */
export function makeFolder(path: string, mode: number): void {
  const parent = path.replace(/\/+[^/]*\/*$/, "");
  try {
    quickCalls.mkdir(path, { mode });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (!(error instanceof Deno.errors.NotFound) || parent === "" || parent === path) throw error;
    if (!makeParent(parent, mode)) return quickCalls.mkdir(path, { mode, recursive: true });
    return makeFolder(path, mode);
  }
  changeMode(path, mode);
}

/** False if only the folder below it may be made: Deno makes what is above a permitted folder by itself. */
function makeParent(path: string, mode: number): boolean {
  try {
    makeFolder(path, mode);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** File systems without modes refuse: what the file was created with is then all there is. */
function changeMode(path: string, mode: number): void {
  if (Deno.build.os !== "windows") attempt(() => quickCalls.chmod(path, mode));
}
