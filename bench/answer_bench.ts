/**
 * How long a program waits for `stsaval-process` where an answer is kept: against `cat` of the same file, and against an
 * empty compiled program. Each ratio is the median of pairs, one program after the other.
 *
 * @module
 */

import { findCompiler } from "../tests/compiled/program.ts";
import { kept, makeScriptHome } from "../tests/peers/process_script_home.ts";
import { checkRatio, median } from "./ratio.ts";

const pairs = 101;

/** A program with its arguments. */
type CommandLine = readonly [program: string, ...words: string[]];

await using home = await makeScriptHome();
const env = { HOME: home.path, PATH: Deno.env.get("PATH") ?? "" };

async function run([program, ...args]: CommandLine): Promise<string> {
  const { code, stdout } = await new Deno.Command(program, { args, env, clearEnv: true }).output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${code}`);
  return new TextDecoder().decode(stdout);
}

async function timeOf(line: CommandLine): Promise<number> {
  const begun = performance.now();
  await run(line);
  return performance.now() - begun;
}

/** The median of how many times as long the second takes. */
async function ratioOf(one: CommandLine, other: CommandLine, count = pairs): Promise<number> {
  const ratios: number[] = [];
  for (let pair = 0; pair < count; pair++) {
    const least = await timeOf(one);
    ratios.push(await timeOf(other) / least);
  }
  return median(ratios);
}

/** An empty program; undefined where there is no runtime to compile with. */
async function compileEmpty(): Promise<CommandLine | undefined> {
  const [source, output] = [`${home.path}/empty.ts`, `${home.path}/empty`];
  await Deno.writeTextFile(source, "");
  const [compiler = "", ...words] = await findCompiler();
  const options = ["compile", "--quiet", "--no-check", "--no-config", `--output=${output}`, source];
  const { success } = await new Deno.Command(compiler, { args: [...words, ...options] }).output();
  return success ? [output] : undefined;
}

const script: CommandLine = [`${home.path}/bin/stsaval-process`, kept];
const answer = `${home.answers}/${kept}`;
if (!(await Deno.readTextFile(answer)).endsWith(`\n${await run(script)}`)) {
  throw new Error("the script did not print the answer that is kept");
}

const missed: unknown[] = [];
function check(what: string, ratio: number, most: number): void {
  try {
    checkRatio(what, ratio, most);
  } catch (error) {
    missed.push(error);
  }
}

check("stsaval-process, of cat of the same file", await ratioOf(["/bin/cat", answer], script), 4);
const empty = await compileEmpty();
if (empty === undefined) console.log("stsaval-process, of an empty compiled program: not measured");
else {
  check("stsaval-process, of an empty compiled program", await ratioOf(empty, script, 31), 0.15);
}
if (missed.length > 0) throw missed[0];
