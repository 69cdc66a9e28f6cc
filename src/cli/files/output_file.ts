/**
 * The files that results are written to: readable by their owner only, replaced atomically, and never one of AWS's.
 *
 * @module
 */

import { StsavalError, UsageError } from "../../errors.ts";
import { fileHint } from "../../file_error.ts";
import type { Environment, Files } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";

/**
 * Rejects an output file that is one of the files that stsaval reads, symbolic links followed: its keys would be lost.
 *
 * @throws {UsageError} naming both
 */
export async function checkOutputFiles(
  given: ParsedArguments,
  { env, files }: { readonly env: Environment; readonly files: Pick<Files, "facts"> },
): Promise<void> {
  const context = { arguments: given, env };
  const named = [...given.list("role-file"), ...given.operands];
  const read = [configFile(context), credentialsFile(context), ...named];
  for (const option of ["output", "write"]) {
    const path = given.text(option);
    if (path === undefined) continue;
    await checkIsFile(files, path, option);
    for (const file of read) {
      if (!await isSameFile(files, path, file)) continue;
      throw new UsageError(
        `Cannot use "${path}" for --${option}: it is a file that stsaval reads, and would be replaced`,
        { hint: "'stsaval write' puts credentials into the credentials file and keeps the rest" },
      );
    }
  }
}

/** Only a regular file can be replaced: the reader of a pipe would wait forever. */
async function checkIsFile(
  files: Pick<Files, "facts">,
  path: string,
  option: string,
): Promise<void> {
  // A narrowed program may not even look at what is in these folders.
  const isSpecial = path === "-" || /^\/(?:dev|proc)\//.test(path) ||
    await files.facts(path).then((facts) => facts?.special, () => false);
  if (!isSpecial) return;
  throw new UsageError(`Cannot use "${path}" for --${option}: wanted a file, which is replaced`, {
    hint: option === "output" ? "without --output the result goes to standard output" : undefined,
  });
}

/** Whether two paths lead to the same file, links followed; a path equals itself even if no file exists there. */
export async function isSameFile(
  files: Pick<Files, "facts">,
  one: string,
  other: string,
): Promise<boolean> {
  if (one === other) return true;
  const id = await idOf(files, one);
  return id !== undefined && id === await idOf(files, other);
}

async function idOf(files: Pick<Files, "facts">, path: string): Promise<string | undefined> {
  try {
    return (await files.facts(path))?.id;
  } catch {
    // A path that cannot be read is reported when it is written.
    return undefined;
  }
}

/**
 * Replaces an output file atomically, mode 0600. A missing folder is created only if requested.
 *
 * @throws {StsavalError} when it cannot be written
 */
export async function replaceOutputFile(
  files: Pick<Files, "replaceText">,
  path: string,
  text: string,
  { makeFolders = false }: { readonly makeFolders?: boolean } = {},
): Promise<void> {
  try {
    await files.replaceText(path, text, { mode: 0o600, makeFolders });
  } catch (error) {
    throw cannot("write", path, error);
  }
}

/**
 * Removes an output file, if it exists. A symbolic link stays: the file that it leads to was written, and is removed.
 *
 * @throws {StsavalError} when it cannot be removed
 */
export async function removeOutputFile(
  files: Pick<Files, "remove" | "target">,
  path: string,
): Promise<void> {
  try {
    await files.remove(await files.target(path));
  } catch (error) {
    throw cannot("remove", path, error);
  }
}

function cannot(what: string, path: string, error: unknown): StsavalError {
  if (error instanceof StsavalError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Cannot ${what} "${path}": ${why}`, {
    hint: fileHint(error),
    cause: error,
  });
}
