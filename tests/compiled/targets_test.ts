/**
 * The programs for other systems and machines: what is made is checked by its header, since this machine runs none of
 * them. The runtimes in them stand in for Deno's, which only Deno's own host has.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { compile } from "../../scripts/compile.ts";
import { checkExecutable, headerLength } from "../../scripts/compile/executable.ts";
import { programName, type Target, targets } from "../../scripts/compile/targets.ts";
import { tryProgram } from "../../scripts/compile/try_program.ts";
import { standInRuntime } from "./stand_in_runtime.ts";

const folder = ".tmp/compiled/targets";
const foreign = targets.filter((target) => target !== Deno.build.target);

addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A Deno that compiles with the stand-in for the target that it is given; `of` names another in its place. */
async function compilerWith(of: (target: Target) => Target): Promise<readonly string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const here = await Deno.realPath(folder);
  for (const target of targets) {
    await Deno.writeFile(`${here}/runtime-${target}`, standInRuntime(of(target)));
  }
  const script = `#!/bin/sh
for word in "$@"; do
  case $word in --target=*) export DENORT_BIN="${here}/runtime-\${word#--target=}" ;; esac
done
exec "${Deno.execPath()}" "$@"
`;
  await Deno.writeTextFile(`${here}/deno`, script, { mode: 0o755 });
  return [`${here}/deno`];
}

async function compileFor(wanted: readonly Target[], compiler: readonly string[], out: string) {
  const options = { out, targets: wanted, hosts: [], compiler, dryRun: false, print() {} };
  return await compile(options);
}

Deno.test("a program is made for every target, with its sum", async () => {
  const out = `${folder}/out`;
  const names = await compileFor(foreign, await compilerWith((target) => target), out);
  assertEquals(names, [...foreign.map(programName), "sbom.json", "SHA256SUMS"]);
  const sums = await Deno.readTextFile(`${out}/SHA256SUMS`);
  for (const target of foreign) {
    const bytes = await Deno.readFile(`${out}/${programName(target)}`);
    checkExecutable(bytes.subarray(0, headerLength), target);
    assertStringIncludes(sums, `  ${programName(target)}\n`);
    // The modules of the program are in it, and the roots of its system.
    const text = new TextDecoder("latin1").decode(bytes);
    assertStringIncludes(text, "one MFA code, the credentials of all your AWS roles");
    const roots = target.includes("-windows-") ? 'read":["A:\\\\","B:\\\\",' : 'read":["/"]';
    assertStringIncludes(text, roots);
  }
});

const others = new Map<Target, Target>([
  ["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"],
  ["x86_64-apple-darwin", "aarch64-apple-darwin"],
  ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"],
]);

Deno.test("a runtime for another machine of the same system is caught by its header", async () => {
  const [compiler = ""] = await compilerWith((target) => others.get(target) ?? target);
  const entry = `${folder}/empty.js`;
  await Deno.writeTextFile(entry, "");
  const facts = { commit: "0123", deno: Deno.version.deno, lock: "beef", hosts: [] };
  for (const target of others.keys()) {
    const path = `${folder}/wrong-${programName(target)}`;
    const args = ["compile", "--quiet", "--no-check", `--target=${target}`, `--output=${path}`];
    const { success } = await new Deno.Command(compiler, { args: [...args, entry] }).output();
    assertEquals(success, true);
    const { message } = await assertRejects(() => tryProgram({ path, target, facts }), Error);
    assertStringIncludes(message, `Cannot use what was compiled for "${target}": found a program`);
  }
});

Deno.test("nothing is kept of programs of which one is for another machine", async () => {
  const out = `${folder}/refused`;
  const compiler = await compilerWith((target) => others.get(target) ?? target);
  const wanted = ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"] as const;
  await assertRejects(() => compileFor(wanted, compiler, out), Error, "found a program (PE");
  assertEquals(await Array.fromAsync(Deno.readDir(out)), []);
});
