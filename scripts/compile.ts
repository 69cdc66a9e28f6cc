/**
 * Compiles the program: `deno task compile --out dist`. It prints the commands that it runs; `--dry-run` only prints.
 *
 * `--target` takes one of the targets (all of them without it), `--allow-host` a host of your own that the program may
 * call beside those of AWS, `--allow-run` a program that it may run (any without it), and `--compiler` another Deno to
 * compile with, such as "npx --yes deno@2.4.2". `--release` compiles only what may be published: a commit without
 * changes, with the real packages in place of `vendor/`, and with a Deno that is new enough.
 *
 * What was compiled is tried before it takes its place in the folder and its sum is written: it is run, or its header
 * is read where it is for another machine.
 *
 * The modules are bundled in pieces and minified first; then the program is trained, and gets what V8 compiled meanwhile
 * (`compile/code_cache/`). What that is worth, with Deno 2.4.2 on a shared machine with two cores, the least of 25 runs
 * each, as multiples of an empty program's 19 ms (`deno task bench:start`; the row without training was measured before):
 *
 * | | size | `--version` | `creds`, one role |
 * | --- | ---: | ---: | ---: |
 * | an empty program | 85.2 MB | 1.00 | 1.00 |
 * | plain `deno compile`, with its code cache | 102.4 MB | 2.15 | 5.82 |
 * | bundled in pieces, minified | 85.9 MB | 1.20 | 3.80 |
 * | the same in scripts, trained | 87.6 MB | 1.36 | 2.39 |
 *
 * `stsaval process`, `env` and `exec -- true` on a cache hit load one small script: 1.3 to 1.4 times the time of an empty
 * program (`deno task bench`).
 *
 * Builds are reproducible, in any folder: the modules get the time of the commit, and each training the same result.
 *
 * The code cache of `deno compile` is off: it is read from a file in the folder for temporary files whose name is
 * known, so another user of the machine could put code there. Ours is part of the program.
 *
 * @module
 */

import type { BuildFacts } from "../src/build.ts";
import type { ParsedArguments } from "../src/cli/parse/arguments.ts";
import { parseArguments } from "../src/cli/parse/parse.ts";
import { UsageError } from "../src/errors.ts";
import { runScript, type Script } from "./command_line.ts";
import { compileArguments } from "./compile/arguments.ts";
import {
  makeWithCode,
  makeWithoutCode,
  type ProgramMaker,
} from "./compile/code_cache/code_cache.ts";
import { checkDenoVersion } from "./compile/deno_version.ts";
import { standInsAmong } from "./compile/packages.ts";
import { createSbom } from "./compile/sbom.ts";
import { type Instead, makeStage, type Stage } from "./compile/stage.ts";
import { addSums, digestOf } from "./compile/sums.ts";
import { programName, type Target, targets } from "./compile/targets.ts";
import { tryProgram } from "./compile/try_program.ts";

/** The command line of this script, parsed like those of stsaval. */
export const script: Script = {
  name: "compile",
  program: "deno task compile",
  summary: "The program for Linux, macOS and Windows, with its sums and its bill of materials",
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
    {
      name: "release",
      summary: "Reject uncommitted changes, stand-ins for packages, an old Deno",
    },
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
  /** True to reject what may not be published. */
  readonly release?: boolean;
  /** Takes the lines that tell what is done. Default: standard output. */
  readonly print?: (line: string) => void;
  /** Modules that replace packages, for tests. */
  readonly instead?: Instead;
}

/**
 * Parses the command line.
 *
 * @throws {UsageError} for an invalid option, target, host or program
 */
export function parseCompileOptions(words: readonly string[]): CompileOptions {
  return readOptions(parseArguments(script, words));
}

function readOptions(given: ParsedArguments): CompileOptions {
  const wanted = [...new Set(given.list("target").map(parseTarget))];
  const hosts = given.list("allow-host");
  for (const host of hosts) checkHost(host);
  const programs = given.list("allow-run");
  for (const program of programs) checkProgram(program);
  return {
    out: given.text("out") ?? "dist",
    targets: wanted.length === 0 ? targets : wanted,
    hosts,
    programs: programs.length === 0 ? undefined : programs,
    compiler: parseCompiler(given.text("compiler")),
    dryRun: given.flag("dry-run"),
    release: given.flag("release"),
  };
}

function parseTarget(text: string): Target {
  const found = targets.find((target) => target === text);
  if (found !== undefined) return found;
  throw new UsageError(`Cannot compile for "${text}": wanted ${targets.join(" or ")}`);
}

function parseCompiler(text: string | undefined): readonly string[] {
  if (text === undefined) return [Deno.execPath()];
  const words = text.split(" ").filter((word) => word !== "");
  if (words.length > 0) return words;
  throw new UsageError(`Cannot compile with "${text}": wanted a command such as deno`);
}

/** The host becomes part of a comma-separated flag, so it must not be able to name more than one. */
function checkHost(host: string): void {
  const [, port = "443"] = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::(\d+))?$/.exec(host) ?? [
    host,
    "none",
  ];
  if (Number(port) >= 1 && Number(port) <= 65_535) return;
  throw new UsageError(`Cannot allow host "${host}": wanted a name such as sts.example.com`);
}

function checkProgram(name: string): void {
  if (/^[\w./+-]+$/.test(name)) return;
  throw new UsageError(`Cannot allow program "${name}": wanted a name such as ykman, or a path`);
}

/**
 * Writes the programs, `sbom.json` and `SHA256SUMS` into the folder, and returns the names of the files. On failure the
 * folder stays as it was.
 *
 * @throws {Error} if the program may not be released, cannot be compiled, or does not run
 */
export async function compile(options: CompileOptions): Promise<readonly string[]> {
  const lock = await Deno.readFile("deno.lock");
  const facts: BuildFacts = {
    commit: await commitOf(),
    deno: await versionOf(options.compiler),
    lock: await digestOf(lock),
    hosts: options.hosts,
    programs: options.programs,
  };
  if (options.release) checkRelease(facts);
  if (options.dryRun) {
    const { out, print = console.log } = options;
    for (const target of options.targets) {
      const path = `${out}/${programName(target)}`;
      print(compilerWords(options, target, { folder: "bundle", path }).join(" "));
    }
    return [];
  }
  const time = Number(await output(["git", "log", "-1", "--format=%ct"]));
  await Deno.mkdir(options.out, { recursive: true });
  await using stage = await makeStage({ facts, time, instead: options.instead });
  const sbom = await makeSbom(new TextDecoder().decode(lock), facts, stage, options);
  return await makeFiles(options, facts, stage, sbom);
}

/** What can be told before the work begins. */
function checkRelease({ commit, deno }: BuildFacts): void {
  checkDenoVersion(deno, "compile a release");
  if (!commit.endsWith("+")) return;
  throw new Error(
    `Cannot compile a release of commit ${commit.slice(0, -1)}: files were changed since`,
  );
}

async function makeSbom(
  lock: string,
  facts: BuildFacts,
  { packages }: Stage,
  { release }: CompileOptions,
): Promise<string> {
  const standIns = standInsAmong(packages);
  if (release && standIns.length > 0) {
    throw new Error(
      `Cannot compile a release with ${standIns.join(", ")}: wanted the packages of JSR; ` +
        "compile in the copy that scripts/without_links.ts makes",
    );
  }
  const program = await programFacts();
  return createSbom({ lock, facts, program, packages, editions: await localEditions() });
}

/** Makes all in a folder of its own, and moves it into place once it was tried. */
async function makeFiles(
  options: CompileOptions,
  facts: BuildFacts,
  stage: Stage,
  sbom: string,
): Promise<readonly string[]> {
  const { out, targets } = options;
  const folder = await Deno.makeTempDir({ dir: out, prefix: ".compile-" });
  try {
    const names: string[] = [];
    for (const target of targets) {
      names.push(await makeProgram(options, { target, facts, stage, folder }));
    }
    await Deno.writeTextFile(`${folder}/sbom.json`, sbom);
    names.push("sbom.json");
    for (const name of names) await Deno.rename(`${folder}/${name}`, `${out}/${name}`);
    await addSums(out, names);
    return [...names, "SHA256SUMS"];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface ProgramToMake {
  readonly target: Target;
  readonly facts: BuildFacts;
  readonly stage: Stage;
  readonly folder: string;
}

async function makeProgram(
  options: CompileOptions,
  { target, facts, stage, folder }: ProgramToMake,
): Promise<string> {
  const name = programName(target);
  const path = `${folder}/${name}`;
  const maker: ProgramMaker = {
    async compile(folder, flags) {
      await output(compilerWords(options, target, { folder, path, flags }));
      return path;
    },
    tryProgram: () => tryProgram({ path, target, facts }),
  };
  const parts = await makeParts(stage, target, maker, options);
  const { print = console.log } = options;
  print(compilerWords(options, target, { folder: parts, path }).join(" "));
  await maker.compile(parts);
  await maker.tryProgram(path);
  print(`${name}: ${((await Deno.stat(path)).size / 1e6).toFixed(1)} MB`);
  return name;
}

/**
 * The folder that the program is compiled of. What runs here is trained. What does not starts more slowly; it is in pieces,
 * since V8 would read all of a script at each start.
 */
async function makeParts(
  stage: Stage,
  target: Target,
  maker: ProgramMaker,
  { instead }: CompileOptions,
): Promise<string> {
  if (target !== Deno.build.target) return stage.bundle;
  // What stands in place of a package may do anything but work.
  if (instead !== undefined) return await makeWithoutCode(stage);
  return await makeWithCode(stage, maker);
}

/** The command line that compiles. */
function compilerWords(
  { hosts, programs, compiler }: CompileOptions,
  target: Target,
  { folder, path, flags }: {
    readonly folder: string;
    readonly path: string;
    readonly flags?: readonly string[] | undefined;
  },
): readonly string[] {
  const facts = { hosts, programs };
  return [
    ...compiler,
    ...compileArguments({ target, folder, facts, entry: "cli.js", output: path, flags }),
  ];
}

/** From the top of the repository, so that a copy of the project in a folder of it tells the same. */
async function commitOf(): Promise<string> {
  const parts = ["cli.ts", "mod.ts", "src", "vendor", "deno.json", "deno.lock"].map((part) =>
    `:/${part}`
  );
  const commit = await output(["git", "rev-parse", "HEAD"]);
  const changes = await output(["git", "status", "--porcelain", "--", ...parts]);
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

/** The settings of the packages that `links` takes from `vendor/`, by their folders. */
async function localEditions() {
  const { links = [] } = JSON.parse(await Deno.readTextFile("deno.json"));
  const found = new Map<string, { readonly name: string; readonly version: string }>();
  for (const folder of links) {
    const settings = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
    found.set(folder.replace(/^\.\//, ""), settings);
  }
  return found;
}

async function output([program = "", ...args]: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(`${program} ${args[0]} failed:\n${decoder.decode(stderr).trim()}`);
}

if (import.meta.main) {
  Deno.exit(
    await runScript(script, Deno.args, async (given) => void await compile(readOptions(given))),
  );
}
