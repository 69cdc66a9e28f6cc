/**
 * The command line of a script: read, explained and refused like those of stsaval.
 *
 * @module
 */

import { formatOptions } from "../src/cli/help/help.ts";
import type { ParsedArguments } from "../src/cli/parse/arguments.ts";
import { type Grammar, optionsOf, parseArguments } from "../src/cli/parse/parse.ts";
import { errorTable, StsavalError } from "../src/errors.ts";

/** A script that is started by a task. */
export interface Script extends Grammar {
  /** How the command line begins, such as "deno task compile". */
  readonly program: string;
  /** One line, for `--help`. */
  readonly summary: string;
}

/** Where a script writes. */
export interface ScriptOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** What `--help` prints. */
export function formatScriptHelp(script: Script): string {
  const usage = `USAGE\n  ${script.program} [OPTIONS]\n`;
  return `${script.program}: ${script.summary}\n\n${usage}\n${formatOptions(optionsOf(script))}`;
}

/**
 * Reads the words, does the work, and gives the exit status: 2 for a line that is wrong, 1 for work that failed.
 *
 * @param work gives a status other than 0 where it has said itself what is wrong
 */
export async function runScript(
  script: Script,
  words: readonly string[],
  work: (given: ParsedArguments) => Promise<number | void>,
  { out, error }: ScriptOutput = { out: console.log, error: console.error },
): Promise<number> {
  try {
    const given = parseArguments(script, words);
    if (!given.flag("help")) return await work(given) ?? 0;
    out(formatScriptHelp(script).trimEnd());
    return 0;
  } catch (thrown) {
    error(thrown instanceof Error ? thrown.message : String(thrown));
    if (!(thrown instanceof StsavalError)) return 1;
    if (thrown.hint !== undefined) error(`hint: ${thrown.hint}`);
    return errorTable[thrown.code].exit;
  }
}
