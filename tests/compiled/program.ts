/**
 * The compiled program, made anew for a test file.
 *
 * @module
 */

import { compile, type CompileOptions } from "../../scripts/compile.ts";
import { targets } from "../../scripts/compile/arguments.ts";

/** Prints the path of a `denort` of the oldest Deno, where the machine has one at hand. */
const denortScript = "../shared/tools/denort";
const oldest = "npx --yes deno@2.4.2";

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
    return { missing: `Deno's runtime could not be downloaded: ${message}` };
  }
}

/** The words that a Deno is started with which can compile here. */
export async function findCompiler(): Promise<readonly string[]> {
  const denort = await denortAtHand();
  if (denort === undefined) return [Deno.execPath()];
  // Only `deno compile` looks at it, so the bundler is not concerned.
  Deno.env.set("DENORT_BIN", denort);
  Deno.env.set("DENO_TLS_CA_STORE", "system");
  return oldest.split(" ");
}

async function denortAtHand(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(denortScript).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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
