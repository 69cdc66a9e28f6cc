/**
 * The programs that are measured, and the home that they run in: each is made once, when a row first needs it.
 *
 * @module
 */

import { findCompiler, makeProgram } from "../tests/compiled/program.ts";
import { type PeerBench, startEmulator } from "../tests/peers/emulator_bench.ts";
import { denoFolder } from "../tests/peers/source_program.ts";
import { once, timeOf } from "./statistics.ts";

/** A program with its arguments. */
export type CommandLine = readonly [program: string, ...words: string[]];

/** A path, or why there is no program. */
export type Program = { readonly path: string } | { readonly missing: string };

const kept: AsyncDisposable[] = [];

/**
 * The folder of homes in which many files are made, by its whole path. ext4 passes over the numbers of files that were
 * removed in the last five minutes, one by one, for each file that is made nearby: in the system's folder for temporary
 * files, where the program was compiled just before, making one took ten times as long. `chattr +T` spreads the homes over
 * the disk, where there is such an attribute.
 */
export const homesFolder = once(async (): Promise<string> => {
  await Deno.mkdir(`${folder}/homes`, { recursive: true });
  const path = await Deno.realPath(`${folder}/homes`);
  await spread(path);
  return path;
});

/** Sets the attribute, if there is one, and a program for it. */
async function spread(path: string): Promise<void> {
  try {
    await new Deno.Command("chattr", { args: ["+T", path], stderr: "null" }).output();
  } catch {
    return;
  }
}

/** Keeps it until the end, files and all, for the same reason. */
export function keepUntilEnd<T extends AsyncDisposable>(opened: T): T {
  kept.push(opened);
  return opened;
}

/** An emulator on loopback, and a home whose `~/.aws` leads to it. */
export const openHome: () => Promise<PeerBench> = once(async () =>
  keepUntilEnd(await startEmulator())
);

let moves = 0;

/** Begins with an empty cache in a home; what was there is only moved, as nothing is removed before the end. */
export async function moveCache({ path }: { readonly path: string }): Promise<void> {
  await Deno.rename(`${path}/.aws/stsaval`, `${path}/before_${++moves}`).catch(() => {});
}

/** Stops the emulators and removes the homes, as many as can be; returns why others could not. */
export async function closePrograms(): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const opened of kept.toReversed()) {
    try {
      await opened[Symbol.asyncDispose]();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return faults;
}

/**
 * Runs a program in the home and returns its standard output.
 *
 * @throws {Error} when it fails, with what it wrote to standard error
 */
export async function run(
  [program, ...words]: CommandLine,
  env: Record<string, string> = {},
): Promise<string> {
  const home = await openHome();
  const common = { DENO_DIR: denoFolder(), DENO_NO_UPDATE_CHECK: "1" };
  const { code, stdout, stderr } = await home.run(program, words, { ...common, ...env });
  if (code === 0) return stdout;
  const name = program.slice(program.lastIndexOf("/") + 1);
  throw new Error(`${name} ended with ${code}: ${stderr.trim().slice(0, 300)}`);
}

/** Milliseconds from start to end. */
export function timeOfRun(line: CommandLine): () => Promise<number> {
  return () => timeOf(() => run(line));
}

const folder = ".tmp/compiled/bench";

/**
 * stsaval, compiled: a copy that is written when the others are. One that lay on the disk for some hours starts a tenth more
 * slowly than one that was just written, whatever is in it.
 */
export const stsaval: () => Promise<Program> = once(async () => {
  const made = await makeProgram();
  if ("missing" in made) return made;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(made.path, `${folder}/stsaval`);
  return { path: await Deno.realPath(`${folder}/stsaval`) };
});

/** A program without code, compiled by the same Deno. */
export const emptyProgram: () => Promise<Program> = once(() =>
  compileScript("empty", "export {};")
);

/** Compiles one module by itself; only where stsaval can be compiled too. */
export async function compileScript(
  name: string,
  source: string | URL,
  permissions: readonly string[] = [],
): Promise<Program> {
  const made = await stsaval();
  if ("missing" in made) return made;
  const text = typeof source === "string" ? source : await Deno.readTextFile(source);
  await Deno.writeTextFile(`${folder}/${name}.ts`, text);
  const [compiler = "", ...words] = await findCompiler();
  const options = ["compile", "--quiet", "--no-check", "--no-config", "--no-code-cache"];
  const output = `--output=${folder}/${name}`;
  const { success, stderr } = await new Deno.Command(compiler, {
    args: [...words, ...options, ...permissions, output, `${folder}/${name}.ts`],
  }).output();
  if (!success) throw new Error(`Cannot compile ${name}: ${new TextDecoder().decode(stderr)}`);
  return { path: await Deno.realPath(`${folder}/${name}`) };
}
