/**
 * How long a program waits for `stsaval process` on a cache hit: against an empty Deno program, and
 * against the AWS CLI with the same role in its own cache. Measured from source, and compiled where that can be done.
 *
 * @module
 */

import { findCompiler, makeProgram } from "../tests/compiled/program.ts";
import { startEmulator } from "../tests/peers/emulator_bench.ts";
import { denoFolder } from "../tests/peers/source_program.ts";
import { checkRatio, median } from "./ratio.ts";

const rounds = 21;
const profile = "DynamoDBRole-dev";
const words = ["process", "--profile", profile];

/** A program with its arguments. */
type CommandLine = readonly [program: string, ...words: string[]];

await using bench = await startEmulator();
const env = { DENO_DIR: denoFolder(), DENO_NO_UPDATE_CHECK: "1" };
const empty = `${bench.home}/empty.ts`;
await Deno.writeTextFile(empty, "");

async function run([program, ...args]: CommandLine): Promise<string> {
  const { code, stdout, stderr } = await bench.run(program, args, env);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
}

/** The median time of each. They take turns, so that load on the machine slows all of them. */
async function timesOf(lines: readonly CommandLine[]): Promise<readonly number[]> {
  const times = lines.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, line] of lines.entries()) {
      const begun = performance.now();
      await run(line);
      times[index]?.push(performance.now() - begun);
    }
  }
  return times.map(median);
}

/** The time of the second as a multiple of the first. */
async function ratioOf(one: CommandLine, other: CommandLine): Promise<number> {
  const [least = NaN, most = NaN] = await timesOf([one, other]);
  return most / least;
}

/** The AWS CLI's command that resolves a profile to credentials; version 1 has no `export-credentials`. */
async function awsLine(): Promise<CommandLine | undefined> {
  for (const action of ["export-credentials", "list"]) {
    const line: CommandLine = ["aws", "configure", action, "--profile", profile];
    const shown = await run(line).catch(() => "");
    if (shown.includes("ASIA") || shown.includes("assume-role")) return line;
  }
  return undefined;
}

/** An empty program, compiled like the other one. */
async function compileEmpty(): Promise<CommandLine> {
  const output = `${bench.home}/empty`;
  const [compiler = "", ...words] = await findCompiler();
  const options = ["compile", "--quiet", "--no-check", "--no-config", `--output=${output}`, empty];
  const { success } = await new Deno.Command(compiler, { args: [...words, ...options] }).output();
  if (!success) throw new Error("Cannot compile an empty program");
  return [output];
}

const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net=127.0.0.1"];
const cli = new URL("../cli.ts", import.meta.url).pathname;
const fromSource: CommandLine = [
  Deno.execPath(),
  "run",
  "--no-prompt",
  ...permissions,
  cli,
  ...words,
];
const [, code] = bench.freshMfa();
const answer = await run([...fromSource, "--mfa-code", code, "--share-aws-cache"]);
const calls = bench.emulator.calls.length;

const emptyFromSource: CommandLine = [Deno.execPath(), "run", "--no-lock", empty];
const title = "process on a cache hit";
const uncompiled = await ratioOf(emptyFromSource, fromSource);
console.log(
  `${title}, of an empty program, from source: ${uncompiled.toFixed(3)} (for comparison)`,
);

const made = await makeProgram();
if ("missing" in made) console.log(`${title}, compiled: not measured: ${made.missing}`);
else {
  const program: CommandLine = [made.path, ...words];
  checkRatio(
    `${title}, of an empty program, compiled`,
    await ratioOf(await compileEmpty(), program),
    1.5,
  );
}

const aws = await awsLine();
if (aws === undefined) console.log(`${title}: there is no AWS CLI to compare with`);
else checkRatio(`${title}, of '${aws.slice(0, 3).join(" ")}'`, await ratioOf(aws, fromSource), 0.2);

if (await run(fromSource) !== answer || bench.emulator.calls.length !== calls) {
  throw new Error("the credentials did not come from the cache");
}
