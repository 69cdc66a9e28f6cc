/**
 * How a command hands out its result, and where.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { findFormat, type Format } from "../output/format.ts";
import type { Invocation } from "./command.ts";
import { replaceOutputFile } from "./files/output_file.ts";

/** The format of `--format`; without it, a table on a terminal, else JSON. */
export function chooseFormat({ arguments: given, system }: Invocation): Format {
  const name = given.text("format");
  if (name !== undefined) return findFormat(name);
  const forPeople = system.terminal.outIsTerminal && !given.flag("json") &&
    given.text("output") === undefined;
  return findFormat(forPeople ? "table" : "json");
}

/**
 * Rejects a format that cannot hold this many profiles, before any prompt for a code.
 *
 * @throws {UsageError} when it holds exactly one profile and another number is given
 */
export function checkFormat(format: Format, profiles: readonly string[]): void {
  if (!format.single || profiles.length === 1) return;
  throw new UsageError(
    `Cannot use --format ${format.name} for ${profiles.length} profiles: it holds exactly one`,
  );
}

/** Writes the result to `--output`, mode 0600, by atomic replace; else to standard output. */
export async function emit({ arguments: given, system }: Invocation, text: string): Promise<void> {
  const path = given.text("output");
  if (path === undefined) return system.terminal.out(text);
  await replaceOutputFile(system.files, path, text);
}
