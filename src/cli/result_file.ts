/**
 * The files that results are written to: readable by their owner alone, replaced as a whole, and never one of AWS's.
 *
 * @module
 */

import { StsavalError, UsageError } from "../errors.ts";
import type { Environment, Files } from "../system.ts";
import type { ParsedArguments } from "./arguments.ts";
import { configFile, credentialsFile } from "./needs.ts";

/**
 * Refuses a result file that is one of the files that stsaval reads, whichever links lead there: its keys would be lost.
 *
 * @throws {UsageError} naming both
 */
export async function checkResultFiles(
  given: ParsedArguments,
  { env, files }: { readonly env: Environment; readonly files: Pick<Files, "facts"> },
): Promise<void> {
  const context = { arguments: given, env };
  const named = [...given.list("role-file"), ...given.operands];
  const read = [configFile(context), credentialsFile(context), ...named];
  for (const option of ["output", "write"]) {
    const path = given.text(option);
    if (path === undefined) continue;
    const id = await idOf(files, path);
    for (const file of read) {
      if (path !== file && (id === undefined || id !== await idOf(files, file))) continue;
      throw new UsageError(
        `Cannot use "${path}" for --${option}: it is a file that stsaval reads, and would be replaced`,
        { hint: "'stsaval write' puts credentials into the credentials file and keeps the rest" },
      );
    }
  }
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
 * Replaces a result file as a whole, mode 0600.
 *
 * @throws {StsavalError} when it cannot be written, also because its folder is missing
 */
export async function replaceResultFile(
  files: Pick<Files, "replaceText">,
  path: string,
  text: string,
): Promise<void> {
  try {
    await files.replaceText(path, text, { mode: 0o600, makeFolders: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StsavalError("FAILED", `Cannot write "${path}": ${why}`, { cause: error });
  }
}
