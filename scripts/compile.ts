/**
 * Compiles the program: `deno task compile --out dist`. It prints the commands that it runs; `--dry-run` only prints.
 *
 * `--target` takes one of the targets (all of them without it), `--allow-host` a host of your own that the program may
 * call beside those of AWS, `--allow-run` a program that it may run (any without it), and `--compiler` another Deno to
 * compile with, such as "npx --yes deno@2.4.2".
 *
 * The modules are bundled in pieces and minified first. What that is worth, with Deno 2.4.2 on a shared machine with
 * two cores, the least of 25 runs each, as multiples of an empty program's 25 ms (`deno task bench:start`):
 *
 * | | size | `--version` | `creds`, one role |
 * | --- | ---: | ---: | ---: |
 * | an empty program | 85.2 MB | 1.00 | 1.00 |
 * | plain `deno compile`, with its code cache | 93.3 MB | 1.56 | 4.38 |
 * | bundled into one file, minified | 85.8 MB | 1.81 | 3.76 |
 * | bundled in pieces, minified | 85.9 MB | 1.20 | 3.80 |
 *
 * `stsaval process` on a cache hit is one file beside the pieces; it takes 1.2 to 1.45 times an empty
 * program (`deno task bench`).
 *
 * Builds are reproducible, in any folder: the modules get the time of the commit.
 *
 * The code cache of `deno compile` is off: it is read from a file in the folder for temporary files whose name is
 * known, so another user of the machine could put code there.
 *
 * @module
 */

import type { BuildFacts } from "../src/build.ts";
import { type Grammar, parseArguments } from "../src/cli/parse/parse.ts";
import { compileArguments, type Target, targets } from "./compile/arguments.ts";
import { createSbom, hex } from "./compile/sbom.ts";
import { type Instead, makeStage } from "./compile/stage.ts";

/** The command line of this script, parsed like those of stsaval. */
const grammar: Grammar = {
  name: "compile",
  options: [
    { name: "out", value: "DIR", summary: "Where the files go (dist)" },
    { name: "target", value: "TARGET", repeatable: true, summary: targets.join(", ") },
    {
      name: "allow-host",
      value: "HOST",
      repeatable: true,
      summary: "An additional host that may be called",
    },
    {
      name: "allow-run",
      value: "PROGRAM",
      repeatable: true,
      summary: "The only program that may be run",
    },
    { name: "compiler", value: "COMMAND", summary: "Another Deno to compile with" },
    { name: "dry-run", summary: "Only print the commands" },
  ],
};

/** What to compile. */
export interface CompileOptions {
  readonly out: string;
  readonly targets: readonly Target[];
  readonly hosts: readonly string[];
  readonly programs?: readonly string[] | undefined;
  /** The Deno that compiles, and the words before its own. */
  readonly compiler: readonly string[];
  readonly dryRun: boolean;
  /** Modules that replace packages, for tests. */
  readonly instead?: Instead;
}

/** Parses the command line. */
export function parseCompileOptions(words: readonly string[]): CompileOptions {
  const given = parseArguments(grammar, words);
  const wanted = given.list("target").map(parseTarget);
  const hosts = given.list("allow-host");
  for (const host of hosts) checkHost(host);
  const programs = given.list("allow-run");
  for (const program of programs) checkProgram(program);
  return {
    out: given.text("out") ?? "dist",
    targets: wanted.length === 0 ? targets : wanted,
    hosts,
    programs: programs.length === 0 ? undefined : programs,
    compiler: given.text("compiler")?.split(" ") ?? [Deno.execPath()],
    dryRun: given.flag("dry-run"),
  };
}

function parseTarget(text: string): Target {
  const found = targets.find((target) => target === text);
  if (found !== undefined) return found;
  throw new Error(`Cannot compile for "${text}": wanted ${targets.join(" or ")}`);
}

/** The host becomes part of a comma-separated flag, so it must not be able to name more than one. */
function checkHost(host: string): void {
  if (/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/.test(host)) return;
  throw new Error(`Cannot allow host "${host}": wanted a name such as sts.example.com`);
}

function checkProgram(name: string): void {
  if (/^[\w./+-]+$/.test(name)) return;
  throw new Error(`Cannot allow program "${name}": wanted a name such as ykman, or a path`);
}

/** Writes the programs, `sbom.json` and `SHA256SUMS` into the folder, and returns the names of the files. */
export async function compile(options: CompileOptions): Promise<readonly string[]> {
  const lock = await Deno.readFile("deno.lock");
  const facts: BuildFacts = {
    commit: await commitOf(),
    deno: await versionOf(options.compiler),
    lock: await digestOf(lock),
    hosts: options.hosts,
    programs: options.programs,
  };
  const time = Number(await output(["git", "log", "-1", "--format=%ct"]));
  if (options.dryRun) return await runCompilers("bundle", options);
  await Deno.mkdir(options.out, { recursive: true });
  await using stage = await makeStage({ facts, time, instead: options.instead });
  const programs = await runCompilers(stage.bundle, options);
  await Deno.writeTextFile(
    `${options.out}/sbom.json`,
    createSbom(new TextDecoder().decode(lock), facts, await programFacts(), await vendored()),
  );
  await writeSums(options.out, [...programs, "sbom.json"]);
  return [...programs, "sbom.json", "SHA256SUMS"];
}

async function runCompilers(
  folder: string,
  { out, targets, hosts, programs, compiler, dryRun }: CompileOptions,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const target of targets) {
    const name = `stsaval-${target}`;
    const words = compileArguments({
      ...{ target, folder, facts: { hosts, programs }, entry: "cli.js" },
      output: `${out}/${name}`,
    });
    console.log([...compiler, ...words].join(" "));
    if (!dryRun) await output([...compiler, ...words]);
    names.push(name);
  }
  return names;
}

async function writeSums(folder: string, names: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const name of names) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    console.log(`${name}: ${(bytes.length / 1e6).toFixed(1)} MB`);
    lines.push(`${await digestOf(bytes)}  ${name}\n`);
  }
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, lines.join(""));
}

async function commitOf(): Promise<string> {
  const commit = await output(["git", "rev-parse", "HEAD"]);
  const changes = await output(["git", "status", "--porcelain", "--", "cli.ts", "src", "vendor"]);
  return changes === "" ? commit : `${commit}+`;
}

async function versionOf(compiler: readonly string[]): Promise<string> {
  const text = await output([...compiler, "--version"]);
  return /^deno (\d+\.\d+\.\d+\S*)/.exec(text)?.[1] ?? text;
}

async function programFacts(): Promise<{ readonly name: string; readonly version: string }> {
  const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
  return { name: "stsaval", version };
}

/** The packages that `links` takes from `vendor/`, with their versions. */
async function vendored(): Promise<Readonly<Record<string, string>>> {
  const { links = [] } = JSON.parse(await Deno.readTextFile("deno.json"));
  const found: Record<string, string> = {};
  for (const folder of links) {
    const { name, version } = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
    found[name] = version;
  }
  return found;
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

async function output([program = "", ...args]: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(`${program} ${args[0]} failed:\n${decoder.decode(stderr).trim()}`);
}

if (import.meta.main) {
  try {
    await compile(parseCompileOptions(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
