/**
 * The compiled program, made anew for a test file.
 *
 * @module
 */

import { compile, type CompileOptions } from "../../scripts/compile.ts";
import { targets } from "../../scripts/compile/arguments.ts";

/** Names the runtime (`denort`) that a program gets; without it Deno downloads its own. */
const runtimeVariable = "DENORT_BIN";

/** The path of a program, or why there is none. */
export type MadeProgram = { readonly path: string } | { readonly missing: string };

/**
 * The program that `STSAVAL_BINARY` names, as a release job has made it; else one that is compiled into a folder below
 * `.tmp`, which is removed at the end.
 */
export async function makeProgram(name: string): Promise<MadeProgram> {
  const given = Deno.env.get("STSAVAL_BINARY");
  return given === undefined ? await compileProgram(name) : { path: await Deno.realPath(given) };
}

/** Compiles the program, with changes, into a folder below `.tmp`, which is removed at the end. */
export async function compileProgram(
  name: string,
  changes: Partial<CompileOptions> = {},
): Promise<MadeProgram> {
  const target = targets.find((target) => target === Deno.build.target);
  if (target === undefined) return { missing: `nothing is compiled for ${Deno.build.target}` };
  const out = `.tmp/compiled/${name}`;
  try {
    const compiler = await findCompiler();
    await compile({
      ...{ out, targets: [target], hosts: [], compiler, dryRun: false },
      ...changes,
    });
    // Each is as large as Deno.
    addEventListener("unload", () => Deno.removeSync(out, { recursive: true }));
    return { path: await Deno.realPath(`${out}/stsaval-${target}`) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Without its runtime from the network there is nothing to test; any other failure is one.
    if (!/dl\.deno\.land/.test(message)) throw error;
    return {
      missing: `${runtimeVariable} names no runtime, and Deno cannot download its own`,
    };
  }
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
