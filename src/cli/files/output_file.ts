/**
 * The files that results are written to: readable by their owner alone, replaced as a whole, and never one of AWS's.
 *
 * @module
 */

import { StsavalError, UsageError } from "../../errors.ts";
import type { Environment, Files } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { canBeReadTwice, configFile, credentialsFile } from "../permissions/needs.ts";

/**
 * Refuses a result file that is one of the files that stsaval reads, whichever links lead there: its keys would be lost.
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

/** What is not a file cannot be replaced by one: whoever reads the pipe would wait for ever. */
async function checkIsFile(
  files: Pick<Files, "facts">,
  path: string,
  option: string,
): Promise<void> {
  const isSpecial = path === "-" || !canBeReadTwice(path) ||
    await files.facts(path).then((facts) => facts?.special, () => false);
  if (!isSpecial) return;
  throw new UsageError(`Cannot use "${path}" for --${option}: wanted a file, which is replaced`, {
    hint: option === "output" ? "without --output the result goes to standard output" : undefined,
  });
}

/** Whether two paths lead to the same file, whichever links lead there; a path equals itself although nothing is there. */
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
    // What cannot be looked at is told when it is written.
    return undefined;
  }
}

/**
 * Replaces a result file as a whole, mode 0600. A folder that is missing is made only where that is asked for.
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
 * Removes a result file, if it is there.
 *
 * @throws {StsavalError} when it cannot be removed
 */
export async function removeOutputFile(files: Pick<Files, "remove">, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    throw cannot("remove", path, error);
  }
}

function cannot(what: string, path: string, error: unknown): StsavalError {
  const why = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Cannot ${what} "${path}": ${why}`, { cause: error });
}
