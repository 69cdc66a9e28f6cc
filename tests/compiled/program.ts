/**
 * The compiled program, made for the tests.
 *
 * @module
 */

import { compile, type CompileOptions } from "../../scripts/compile.ts";
import { programName, type Target, targets } from "../../scripts/compile/targets.ts";
import { digestOf } from "../../scripts/compile/sums.ts";

/** Names the runtime (`denort`) that a program gets; without it Deno downloads its own. */
const runtimeVariable = "DENORT_BIN";

/** The path of a program, or why there is none. */
export type MadeProgram = { readonly path: string } | { readonly missing: string };

/**
 * The program that `STSAVAL_BINARY` names, as a release job has made it; else one that is compiled into a folder below
 * `.tmp`, once for all test files, and again only when something in it has changed.
 */
export async function makeProgram(): Promise<MadeProgram> {
  const given = Deno.env.get("STSAVAL_BINARY");
  if (given !== undefined) return { path: await Deno.realPath(given) };
  return await madeOf(async (target) => {
    const out = ".tmp/compiled/released";
    const key = await keyOf(Deno.env.get(runtimeVariable) ?? Deno.version.deno);
    const known = await Deno.readTextFile(`${out}/key`).catch(() => undefined);
    if (known !== key) {
      await Deno.remove(out, { recursive: true }).catch(() => {});
      await compileTo(out, target);
      await Deno.writeTextFile(`${out}/key`, key);
    }
    return out;
  });
}

/** Compiles the program, with changes, into a folder below `.tmp`, which is removed at the end. */
export async function compileProgram(
  name: string,
  changes: Partial<CompileOptions> = {},
): Promise<MadeProgram> {
  return await madeOf(async (target) => {
    const out = `.tmp/compiled/${name}`;
    await compileTo(out, target, changes);
    // Each is as large as Deno.
    addEventListener("unload", () => Deno.removeSync(out, { recursive: true }));
    return out;
  });
}

async function madeOf(make: (target: Target) => Promise<string>): Promise<MadeProgram> {
  const target = targets.find((target) => target === Deno.build.target);
  if (target === undefined) return { missing: `nothing is compiled for ${Deno.build.target}` };
  try {
    return { path: await Deno.realPath(`${await make(target)}/${programName(target)}`) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Without its runtime from the network there is nothing to test; any other failure is one.
    if (!/dl\.deno\.land/.test(message)) throw error;
    return {
      missing: `${runtimeVariable} names no runtime, and Deno cannot download its own`,
    };
  }
}

async function compileTo(
  out: string,
  target: Target,
  changes: Partial<CompileOptions> = {},
): Promise<void> {
  const compiler = await findCompiler();
  await compile({
    ...{ out, targets: [target], hosts: [], compiler, dryRun: false },
    // The command line is 9 KB long.
    print() {},
    ...changes,
  });
}

/** A digest of all that the program is made of. */
async function keyOf(runtime: string): Promise<string> {
  const git = (...args: readonly string[]) => new Deno.Command("git", { args: [...args] }).output();
  const parts = ["cli.ts", "mod.ts", "src", "vendor", "scripts", "deno.json", "deno.lock"];
  // The commit is part of it; what is not committed yet has neither a name nor an id there.
  const { stdout: commit } = await git("rev-parse", "HEAD");
  const { stdout: changes } = await git("diff", "HEAD", "--", ...parts);
  const { stdout: others } = await git("ls-files", "-zo", "--exclude-standard", "--", ...parts);
  const names = new TextDecoder().decode(others).split("\0").filter((name) => name !== "");
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(name)));
  const text = [runtime, ...[commit, changes].map((bytes) => new TextDecoder().decode(bytes))];
  const all = new TextEncoder().encode(JSON.stringify([...text, ...names, ...texts]));
  return await digestOf(Uint8Array.from(all));
}

/** The command of a Deno that can compile here: the runtime that `DENORT_BIN` names wants a Deno of its own version. */
export async function findCompiler(): Promise<readonly string[]> {
  const runtime = Deno.env.get(runtimeVariable);
  if (!runtime) return [Deno.execPath()];
  const version = await runtimeVersion(runtime);
  if (version === Deno.version.deno) return [Deno.execPath()];
  // Before 2.9, Deno uses only its bundled certificate authorities by default.
  Deno.env.set("DENO_TLS_CA_STORE", "system");
  return ["npx", "--yes", `deno@${version}`];
}

/** A runtime by itself runs nothing, so its version is read from the user agent in it. */
async function runtimeVersion(path: string): Promise<string> {
  const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
  const [, version] = /Deno\/(\d+\.\d+\.\d+)/.exec(text) ?? [];
  if (version !== undefined) return version;
  throw new Error(`Cannot use ${runtimeVariable}: "${path}" is no runtime of Deno`);
}

/** A test of the compiled program; where there is none, its name says why it is left out. */
export function programTest(
  program: MadeProgram,
  name: string,
  fn: (path: string, context: Deno.TestContext) => Promise<void>,
): void {
  if ("missing" in program) {
    Deno.test({ name: `${name} (left out: ${program.missing})`, ignore: true, fn() {} });
  } else {
    Deno.test(name, (context) => fn(program.path, context));
  }
}
