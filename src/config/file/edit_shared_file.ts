/**
 * Changes a file that others read and write too: under a lock, as a whole, and never over a change that somebody made
 * meanwhile.
 *
 * @module
 */

import { ConfigError, StsavalError } from "../../errors.ts";
import type { Files } from "../../system.ts";

/** What changing a file needs of the system. */
export type EditPorts = Pick<Files, "readText" | "replaceText" | "remove" | "target" | "list">;

/** Waits for the lock on a file; disposing it lets the next one on. */
export type TakeLock = (file: string) => Promise<Disposable>;

/** The new text for the old one; undefined stands for no file. It may be asked more than once. */
export type Edit = (text: string | undefined) => string | undefined;

const attempts = 10;

/**
 * Gives the file the text that `edit` makes of it, with mode 0600; touches nothing where that is the same text. The
 * lock is the file beside it whose name ends in `.lock`, which stays. Where the path is a link, that is the file that it
 * leads to: whoever comes there another way waits too.
 *
 * A program that does not take the lock can still lose its change, if it writes in the moment of the rename.
 *
 * @throws {ConfigError} when the file cannot be read, or not be kept as it is
 * @throws {StsavalError} when it cannot be written, or another program changes it all the time
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
    return await written(path, edited === undefined ? files.remove(path) : replace(edited));
  }
  throw new StsavalError("FAILED", `Cannot change "${path}": another program keeps changing it`);

  function replace(text: string): Promise<void> {
    return files.replaceText(path, text, { mode: 0o600 });
  }
}

/**
 * The file's text, or undefined where there is no file.
 *
 * @throws {ConfigError} when it cannot be read, or when writing the text would not give the same bytes
 */
export async function readWhole(
  files: Pick<Files, "readText">,
  path: string,
): Promise<string | undefined> {
  const text = await files.readText(path).catch((error: unknown) => {
    throw new ConfigError("Cannot read", { file: path }, wordsOf(error), { cause: error });
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

/** A process that was killed leaves the file that it was writing, with secrets in it; under the lock nobody writes. */
async function removeLeftovers(files: EditPorts, path: string): Promise<void> {
  for (const leftover of await leftoversOf(files, path)) await files.remove(leftover);
}

/** The files that were to take the place of this one and never did. None where the folder may not be looked into. */
export async function leftoversOf(files: Pick<Files, "list">, path: string): Promise<string[]> {
  const [, folder = "", name = ""] = /^(.*[\\/])?([^\\/]*)$/.exec(path) ?? [];
  const names = await files.list(folder === "" ? "." : folder.slice(0, -1) || "/").catch(() => []);
  return names
    .filter((found) => found.startsWith(`${name}.`))
    .filter((found) => /^\.[0-9a-f-]{36}\.tmp$/.test(found.slice(name.length)))
    .map((found) => folder + found);
}

function written(path: string, write: Promise<void>): Promise<void> {
  return write.catch((error: unknown) => failWrite(path, error));
}

function failWrite(path: string, error: unknown): never {
  if (error instanceof StsavalError) throw error;
  throw new StsavalError("FAILED", `Cannot write "${path}": ${wordsOf(error)}`, { cause: error });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
