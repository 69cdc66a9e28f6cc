/**
 * What was compiled and is not what it should be: it gets no place in the folder, and no sum.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { compile, type CompileOptions } from "../../scripts/compile.ts";
import { type Target, targets } from "../../scripts/compile/targets.ts";
import { tryProgram } from "../../scripts/compile/try_program.ts";

const own = targets.find((target) => target === Deno.build.target);
const other = targets.find((target) => target !== own);
const folder = ".tmp/compiled/refused";
const facts = { commit: "0123", deno: "2.9.6", lock: "beef", hosts: [] };

addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/**
 * A Deno that pretends to compile: it does what the script says with the path of the program, `$made`. The real one
 * would do the same with the runtime that `DENORT_BIN` names.
 */
async function fakeCompiler(script: string): Promise<readonly string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${await Deno.realPath(folder)}/deno`;
  const version = 'if [ "$1" = --version ]; then echo "deno 2.9.6"; exit; fi';
  const made =
    'for word in "$@"; do case $word in --output=*) made=${word#--output=} ;; esac; done';
  await Deno.writeTextFile(path, `#!/bin/sh\n${version}\n${made}\n${script}\n`, { mode: 0o755 });
  return [path];
}

async function refusedWith(
  target: Target | undefined,
  script: string,
  changes: Partial<CompileOptions> = {},
): Promise<string> {
  assert(target !== undefined);
  const out = `${folder}/out`;
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await Deno.mkdir(out, { recursive: true });
  const before = ["SHA256SUMS", "sbom.json", `stsaval-${target}`];
  for (const name of before) await Deno.writeTextFile(`${out}/${name}`, "as it was\n");
  const compiler = await fakeCompiler(script);
  const options = { out, targets: [target], hosts: [], compiler, dryRun: false, ...changes };
  const error = await assertRejects(() => compile(options), Error);
  const names = (await Array.fromAsync(Deno.readDir(out))).map(({ name }) => name).sort();
  assertEquals(names, before);
  for (const name of names) {
    assertEquals(await Deno.readTextFile(`${out}/${name}`), "as it was\n");
  }
  return error.message;
}

Deno.test({
  name: "a program for another machine is refused, and what was there before stays",
  ignore: own === undefined,
  fn: async () => {
    const message = await refusedWith(other, `cp "${Deno.execPath()}" "$made"`);
    assertStringIncludes(message, `Cannot use what was compiled for "${other}": found a program`);
  },
});

Deno.test({
  name: "a program that starts, and is something else, is refused",
  ignore: own === undefined,
  fn: async () => {
    const message = await refusedWith(own, `cp "${Deno.execPath()}" "$made"`);
    assertStringIncludes(message, '--version --verbose" ended with status 1 and said: ');
  },
});

for (
  const [what, script] of [
    ["that is missing", "true"],
    ["that is empty", 'touch "$made"; chmod +x "$made"'],
    ["that is no program of this system", 'echo "#!/bin/sh" >"$made"; chmod +x "$made"'],
    ["whose end is missing", `head -c 100000 "${Deno.execPath()}" >"$made"; chmod +x "$made"`],
    ["that may not be executed", `cp "${Deno.execPath()}" "$made"; chmod -x "$made"`],
    ["whose compiler fails", `cp "${Deno.execPath()}" "$made"; exit 1`],
  ] as const
) {
  Deno.test({
    name: `a program ${what} is refused`,
    ignore: own === undefined,
    fn: async () => void await refusedWith(own, script),
  });
}

Deno.test({
  name: "a program that does not end is stopped and refused",
  ignore: own === undefined,
  async fn() {
    assert(own !== undefined);
    const error = await assertRejects(() =>
      // A limit of no time is over for every program.
      tryProgram({ path: Deno.execPath(), target: own, facts }, { limitMs: 0 }), Error);
    assertStringIncludes(error.message, "no end within 0 ms");
  },
});

Deno.test({
  name: "a release is refused that an old Deno compiles",
  ignore: own === undefined,
  async fn() {
    const old = (await fakeCompiler(""))[0] ?? "";
    const text = await Deno.readTextFile(old);
    await Deno.writeTextFile(old, text.replace("deno 2.9.6", "deno 2.4.2"));
    assert(own !== undefined);
    const options = { out: folder, targets: [own], hosts: [], dryRun: false, release: true };
    await assertRejects(
      () => compile({ ...options, compiler: [old] }),
      Error,
      "Cannot compile a release with Deno 2.4.2",
    );
  },
});
