/**
 * The compiled program starts: wherever it lies, whatever the environment lacks, and not much later than an empty one.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { version } from "../../src/version.ts";
import { findCompiler, makeProgram, programTest } from "./program.ts";

const program = await makeProgram();

/** The program's start with nothing in its environment but what is given. */
async function start(path: string, options: Deno.CommandOptions = {}) {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    clearEnv: true,
    stdin: "null",
    ...options,
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const started = { code: 0, stdout: `stsaval ${version}\n`, stderr: "" };

programTest(program, "it starts without any environment, from any folder", async (path) => {
  for (const cwd of ["/", Deno.cwd()]) assertEquals(await start(path, { cwd }), started);
});

programTest(
  program,
  "it starts from a link, under another name, and below a folder with spaces",
  async (path) => {
    const folder = await Deno.makeTempDir({ prefix: "stsaval start " });
    try {
      await Deno.symlink(path, `${folder}/link`);
      await Deno.copyFile(path, `${folder}/another name`);
      for (const name of ["link", "another name"]) {
        assertEquals(await start(`${folder}/${name}`), started);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

programTest(program, "it starts where Deno's own settings point astray", async (path) => {
  const env = { DENO_DIR: "/proc/none", HOME: "/nowhere", TMPDIR: "/nowhere", NO_COLOR: "" };
  assertEquals(await start(path, { env }), started);
});

/** An empty program, compiled as ours is, or undefined where that needs a runtime that cannot be had. */
async function compileEmpty(folder: string): Promise<string | undefined> {
  const [compiler = "", ...words] = await findCompiler();
  await Deno.writeTextFile(`${folder}/empty.ts`, "export {};\n");
  const { success } = await new Deno.Command(compiler, {
    args: [...words, "compile", "--quiet", "--no-check", "--no-config", "-o", "empty", "empty.ts"],
    cwd: folder,
  }).output();
  return success ? `${folder}/empty` : undefined;
}

programTest(program, "it starts in less than three times an empty program's time", async (path) => {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-start-" });
  try {
    const empty = await compileEmpty(folder);
    if (empty === undefined) return console.log("left out: no runtime for an empty program");
    // In turn, and the least of several: a busy machine is busy for both.
    const least = { own: Infinity, empty: Infinity };
    for (let round = 0; round < 8; round++) {
      least.empty = Math.min(least.empty, await timeOf(() => start(empty)));
      least.own = Math.min(least.own, await timeOf(() => start(path)));
    }
    assert(least.own < 3 * least.empty, `${least.own} ms, an empty program ${least.empty} ms`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
