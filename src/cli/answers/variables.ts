/**
 * The environment variables that may change what `stsaval process` answers: where one of them is set, no answer is kept,
 * and none that was kept is printed.
 *
 * @module
 */

import type { Environment } from "../../system.ts";
import { processRecord } from "../commands/shared/process_record.ts";
import { ParsedArguments } from "../parse/arguments.ts";
import { type Need, needRow, rowsOf } from "../permissions/needs.ts";

/**
 * Needs of `process` whose variables change no answer that is kept: it rests on keys of the two files, whatever else the
 * environment offers, and takes no call and no prompt.
 */
const harmlessNeeds: readonly Need[] = [
  ...["default-chain", "sources", "sts", "colors"] as const,
  // What is sealed is never kept as an answer.
  ...["sealed-keys", "sealed-cache", "kept-seed"] as const,
];

/** Variables that change no answer which is kept. */
const harmless: readonly string[] = [
  // The files are below HOME, which the script checks; only where it is unset does the other one count.
  ...["HOME", "USERPROFILE"],
  // The profile is named, and what is kept rests on no other that these could name.
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
  // Where a program for MFA codes is found.
  "PATH",
];

/** Their names; those that only an option makes count are left out. */
export function answerVariables(): readonly string[] {
  const harmlessRows = harmlessNeeds.map(needRow);
  const rows = rowsOf(processRecord.needs, new ParsedArguments({}, [], []))
    .filter((row) => !harmlessRows.includes(row));
  const names = new Set(rows.flatMap((row) => row.environment ?? []));
  return [...names].filter((name) => !harmless.includes(name)).sort();
}

/** The first of them that is set. */
export function answerVariable(env: Environment): string | undefined {
  return answerVariables().find((name) => env.get(name) !== undefined);
}
