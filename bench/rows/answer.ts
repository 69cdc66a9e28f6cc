/**
 * What a program waits for where an answer is kept for `stsaval-process`: against `cat` of the same file, and against an
 * empty program.
 *
 * @module
 */

import { kept, makeScriptHome } from "../../tests/peers/process_script_home.ts";
import { type CommandLine, emptyProgram } from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { ratioOfPairs, timeOf } from "../statistics.ts";

const path = Deno.env.get("PATH") ?? "";

async function run([program, ...args]: CommandLine, home: string): Promise<string> {
  const env = { HOME: home, PATH: path };
  const { code, stdout } = await new Deno.Command(program, { args, env, clearEnv: true }).output();
  if (code !== 0) throw new Error(`${program} failed with ${code}`);
  return new TextDecoder().decode(stdout);
}

/** Starting one from Deno takes longer than these take, so a shell starts them ten times. */
const tenTimes = 'for i in 0 1 2 3 4 5 6 7 8 9; do "$@" >/dev/null || exit; done';

/** Compares the script with what the file of the answer suggests. */
async function compare(
  other: (answer: string) => CommandLine,
  pairs: number,
): Promise<Measured> {
  await using home = await makeScriptHome();
  const script: CommandLine = [`${home.path}/bin/stsaval-process`, kept];
  const answer = `${home.answers}/${kept}`;
  if (!(await Deno.readTextFile(answer)).endsWith(`\n${await run(script, home.path)}`)) {
    throw new Error("the script did not print the answer that is kept");
  }
  const timeOfLine = (line: CommandLine) => () =>
    timeOf(() => run(["/bin/sh", "-c", tenTimes, "sh", ...line], home.path));
  return await ratioOfPairs(timeOfLine(other(answer)), timeOfLine(script), pairs);
}

async function compareEmpty(): Promise<Measured> {
  const empty = await emptyProgram();
  return "missing" in empty ? empty : await compare(() => [empty.path], 11);
}

/** The rows. */
export const answerRows: readonly Row[] = [
  {
    what: "stsaval-process, of cat of the same file",
    limit: { atMost: 4 },
    measure: () => compare((answer) => ["/bin/cat", answer], 51),
  },
  {
    what: "stsaval-process, of an empty compiled program",
    limit: { atMost: 0.15 },
    measure: compareEmpty,
  },
];
