/**
 * Replacing a file as a whole: written beside it, flushed, renamed.
 *
 * @module
 */

import { folderOf, targetOrPath } from "./links.ts";
import { makeFolder, setMode } from "./modes.ts";
import { attempt, quickCalls } from "./quick_calls.ts";

/** Replaces the file, which is no link. */
export async function replaceFile(
  path: string,
  text: string,
  mode: number,
  makeFolders: boolean,
  stillWanted: (() => Promise<boolean>) | undefined = undefined,
): Promise<void> {
  const usual = temporaryOf(path);
  // Who replaces a file twice at once needs another name for the second.
  const temporary = inUse.has(usual) ? `${path}.${crypto.randomUUID()}.tmp` : usual;
  inUse.add(temporary);
  try {
    const open = () => quickCalls.open(temporary, { write: true, createNew: true, mode });
    const file = makeFolders ? await inFolder(temporary, open) : open();
    using _file = file;
    setMode(temporary, mode, file);
    await writeFlushed(file, text);
    if (await stillWanted?.() ?? true) quickCalls.rename(temporary, path);
    else quickCalls.remove(temporary);
  } catch (error) {
    attempt(() => quickCalls.remove(temporary));
    throw error;
  } finally {
    inUse.delete(temporary);
  }
}

/** The temporary files that are being written. */
const inUse = new Set<string>();
const idKey: unique symbol = Symbol.for("stsaval.temporaryId");
const shared = globalThis as { [idKey]?: string };
// The compiled program is bundled in parts that share no module: what one part was allowed, the other writes.
const temporaryId = shared[idKey] ??= crypto.randomUUID();

/** The same name as long as this program runs, so that it can be allowed before it is needed. */
export function temporaryOf(path: string): string {
  return `${path}.${temporaryId}.tmp`;
}

/** Writes all of the text, and waits until the disk has it: a file that is renamed before may be empty after a crash. */
export async function writeFlushed(
  file: Pick<Deno.FsFile, "writeSync" | "sync">,
  text: string,
): Promise<void> {
  writeText(file, text);
  await file.sync();
}

/** Writes all of the text, from where the file is at. */
export function writeText(file: Pick<Deno.FsFile, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/** Makes a file, and its folder where that is missing, and only then: otherwise it need not be allowed. */
export async function inFolder(
  path: string,
  make: () => Deno.FsFile,
): Promise<Deno.FsFile> {
  try {
    return make();
  } catch (error) {
    const folder = folderOf(path);
    const { NotFound, FilesystemLoop } = Deno.errors;
    const isMissing = error instanceof NotFound || error instanceof FilesystemLoop;
    if (!isMissing || folder === "") throw error;
    const target = await targetOrPath(folder.slice(0, -1) || "/");
    makeFolder(target, 0o700);
    return make();
  }
}
