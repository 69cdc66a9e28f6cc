/**
 * A release, compiled as the workflow compiles it, in a repository of its own and with a JSR of its own: it holds JSR's
 * packages and none that stands in for them. Without the copy it is refused.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findCompiler } from "../compiled/program.ts";
import { serveJsr } from "./jsr_registry.ts";

const root = Deno.cwd();
const target = "x86_64-unknown-linux-gnu";

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** A clone of the files as they are, committed, with a Deno in it that compiles. */
interface Checkout extends AsyncDisposable {
  run(words: readonly string[], cwd?: string): Promise<Ended>;
  readonly path: string;
}

async function checkOut(jsr: string): Promise<Checkout> {
  const path = await Deno.makeTempDir({ prefix: "stsaval-release-" });
  const env = { JSR_URL: jsr, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const run = async ([program = "", ...args]: readonly string[], cwd = path): Promise<Ended> => {
    const { code, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
    const decoder = new TextDecoder();
    return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
  };
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  await expectDone(
    run(
      ["sh", "-c", `git ${list.join(" ")} | tar --null -T - -cf - | tar -xf - -C "$0"`, path],
      root,
    ),
  );
  await Deno.writeTextFile(`${path}/compiler`, await compilerScript(), { mode: 0o755 });
  await expectDone(run(["git", "init", "--quiet"]));
  await commit(run);
  return {
    path,
    run,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function commit(run: Checkout["run"]): Promise<void> {
  await expectDone(run(["git", "add", "--all"]));
  const who = ["-c", "user.name=kim", "-c", "user.email=kim@example.com"];
  await expectDone(run(["git", ...who, "commit", "--quiet", "--message=all"]));
}

/** The Deno that can compile here, which may be older than a release wants, under the name of a newer one. */
async function compilerScript(): Promise<string> {
  const words = (await findCompiler()).map((word) => `'${word}'`).join(" ");
  return `#!/bin/sh\nif [ "$1" = --version ]; then echo "deno ${Deno.version.deno}"; exit; fi\n` +
    `exec ${words} "$@"\n`;
}

async function expectDone(running: Promise<Ended>): Promise<string> {
  const { code, text } = await running;
  assertEquals(code, 0, text);
  return text;
}

Deno.test({
  name: "a release holds the packages of JSR; with stand-ins, or with changes, it is refused",
  ignore: Deno.build.target !== target,
  async fn() {
    await using jsr = await serveJsr();
    await using checkout = await checkOut(jsr.url);
    const { path, run } = checkout;
    const words = [
      ...[Deno.execPath(), "task", "--quiet", "compile", "--release", "--target", target],
      ...["--compiler", `${path}/compiler`, "--out", `${path}/dist`],
    ];

    const withStandIns = await run(words);
    assertEquals(withStandIns.code, 1);
    assertStringIncludes(withStandIns.text, "Cannot compile a release with vendor/std/");

    const deno = Deno.execPath();
    const copying = [
      deno,
      "run",
      "--allow-read=.",
      "--allow-write=.jsr",
      "scripts/without_links.ts",
    ];
    await expectDone(run(copying));
    const copy = `${path}/.jsr`;
    await expectDone(run([deno, "install", "--entrypoint", "mod.ts", "cli.ts"], copy));
    const compiled = await run(words, copy);
    // Without its runtime from the network there is nothing to test; any other failure is one.
    if (/dl\.deno\.land/.test(compiled.text)) return console.log("left out: no runtime");
    assertEquals(compiled.code, 0, compiled.text);

    const { components } = JSON.parse(await Deno.readTextFile(`${path}/dist/sbom.json`));
    const names = components.map(({ purl = "" }: { purl?: string }) => purl);
    for (const name of ["cli@1.0.32", "ini@1.0.0-rc.9", "log@0.224.14"]) {
      assert(names.includes(`pkg:jsr/%40std/${name}`), `${name} is not in ${names.join(" ")}`);
    }
    const others = names.filter((name: string) =>
      /deno-std|vendor|assert|babel|yaml|^$/.test(name)
    );
    assertEquals(others, []);
    await expectDone(run(["sha256sum", "--check", "--strict", "SHA256SUMS"], `${path}/dist`));

    await Deno.writeTextFile(`${path}/cli.ts`, "// changed\n", { append: true });
    const changed = await run(words, copy);
    assertEquals(changed.code, 1);
    assertStringIncludes(changed.text, "files were changed since");
  },
});
