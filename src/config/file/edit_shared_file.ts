/**
 * Edits a file that other programs read and write too: under a lock, by atomic replace, and without overwriting a
 * concurrent change.
 *
 * @module
 */

import { ConfigError, StsavalError } from "../../errors.ts";
import { fileHint } from "../../file_error.ts";
import type { Files } from "../../system.ts";
import { leftoversOf } from "./leftovers.ts";

/** The ports of editing. */
export type EditPorts = Pick<
  Files,
  "facts" | "readText" | "replaceText" | "remove" | "target" | "list"
>;

/** Waits for the lock on a file; disposing it releases the lock. Undefined on a file system that has no locks. */
export type TakeLock = (file: string) => Promise<Disposable | undefined>;

/** Maps the old text to the new one; undefined stands for no file. It may be called more than once. */
export type Edit = (text: string | undefined) => string | undefined;

const attempts = 10;

/**
 * Replaces the text of the file by the result of `edit`, with mode 0600; does nothing if the text does not change. The
 * lock file is beside it, with the suffix `.lock`, and is kept. If the path is a link, the target is locked, so that
 * processes that reach it by another path wait too.
 *
 * A program that does not take the lock can still lose its change, if it writes at the moment of the rename.
 *
 * @throws {ConfigError} when the file cannot be read, or not be preserved
 * @throws {StsavalError} when it cannot be written, or another program keeps changing it
 */
export async function editSharedFile(
  files: EditPorts,
  path: string,
  edit: Edit,
  takeLock: TakeLock,
): Promise<void> {
  const before = await readWhole(files, path);
  const target = await files.target(path);
  if (edit(before) === before && (await leftoversOf(files, target)).length === 0) return;
  using _lock = await takeLock(`${target}.lock`).catch((error) => failWrite(path, error));
  await removeLeftovers(files, target);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const text = await readWhole(files, path);
    const edited = edit(text);
    if (edited === text) return;
    if (await readWhole(files, path) !== text) continue;
    return await written(path, edited === undefined ? files.remove(target) : replace(edited));
  }
  throw new StsavalError("FAILED", `Cannot change "${path}": another program keeps changing it`);

  function replace(text: string): Promise<void> {
    return files.replaceText(path, text, { mode: 0o600 });
  }
}

/**
 * The file's text, or undefined if there is no file.
 *
 * @throws {ConfigError} when it cannot be read, or does not survive a round trip as UTF-8
 */
export async function readWhole(
  files: Pick<Files, "facts" | "readText">,
  path: string,
): Promise<string | undefined> {
  // What cannot be examined cannot be read either, and that error says why.
  const facts = await files.facts(path).catch(() => undefined);
  if (facts?.special) {
    const why = "it is a pipe or a device, wanted a file, which is replaced";
    throw new ConfigError("Cannot change", { file: path }, why);
  }
  const text = await files.readText(path).catch((error: unknown) => {
    throw new ConfigError("Cannot read", { file: path }, messageOf(error), {
      hint: fileHint(error),
      cause: error,
    });
  });
  if (text?.includes("\ufffd")) {
    throw new ConfigError(
      "Cannot change",
      { file: path, line: text.slice(0, text.indexOf("\ufffd")).split("\n").length },
      "found a byte that is not UTF-8, which would be lost",
    );
  }
  return text;
}

/** Removes temporary files of killed processes, which hold secrets; under the lock no process is writing one. */
async function removeLeftovers(files: EditPorts, path: string): Promise<void> {
  for (const leftover of await leftoversOf(files, path)) await files.remove(leftover);
}

function written(path: string, write: Promise<void>): Promise<void> {
  return write.catch((error: unknown) => failWrite(path, error));
}

function failWrite(path: string, error: unknown): never {
  if (error instanceof StsavalError) throw error;
  throw new StsavalError("FAILED", `Cannot write "${path}": ${messageOf(error)}`, {
    hint: fileHint(error),
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
