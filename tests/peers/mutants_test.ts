/**
 * `deno task mutants` on a small project of its own: it counts, prints survivors, goes on after an interruption, and
 * leaves the checkout as it was.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const root = new URL("../../", import.meta.url).pathname;

const files = {
  ".gitignore": ".tmp\n",
  "deno.json": JSON.stringify({
    tasks: { test: { command: "deno test --no-prompt --allow-read=." } },
  }),
  "src/limit.ts":
    "export function isOver(n: number): boolean {\n  return n > 10;\n}\nexport const unseen = 1;\n",
  "src/alone.ts": "export const alone = true;\n",
  "tests/limit_test.ts": `import { isOver } from "../src/limit.ts";
Deno.test("limit", async () => {
  // Long enough that an interruption comes between two mutants.
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (!isOver(12) || isOver(9)) throw new Error("wrong");
});
`,
};

async function makeProject(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-project-" });
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await new Deno.Command("git", { args: ["init", "--quiet"], cwd: folder }).output();
  return folder;
}

function startMutants(folder: string, words: readonly string[] = []): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", `--config=${root}deno.json`, `${root}scripts/mutants.ts`],
      ...words,
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outputOf(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("mutants are counted, survivors are shown, and a run that was interrupted goes on", async () => {
  const folder = await makeProject();
  try {
    const first = startMutants(folder);
    const [forWatching, rest] = first.stderr.pipeThrough(new TextDecoderStream()).tee();
    const drained = rest.pipeTo(new WritableStream());
    let said = "";
    for await (const text of forWatching) {
      said += text;
      if (/^1\/\d+ /m.test(said)) {
        first.kill("SIGINT");
        break;
      }
    }
    await drained;
    assertEquals((await first.status).code, 1);
    await first.stdout.cancel();

    const { code, stdout, stderr } = await outputOf(startMutants(folder));
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /^[1-9]\d* of \d+ were tried before$/m);
    // "n > 10" is not told from "n >= 10" by 12 and 9, nor 10 from 11.
    assertStringIncludes(stdout, "-  return n > 10;\n+  return n >= 10;\n");
    assertStringIncludes(stdout, "-  return n > 10;\n+  return n > 11;\n");
    assertStringIncludes(stdout, "+export const alone = false;\nno test looks at it\n");
    assertMatch(stdout, /^Noticed: 1 of 5 mutants, 20 %$/m);
    for (const [name, text] of Object.entries(files)) {
      assertEquals(await Deno.readTextFile(`${folder}/${name}`), text);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("mutants of tests that fail by themselves are not tried", async () => {
  const folder = await makeProject();
  try {
    await Deno.writeTextFile(`${folder}/src/limit.ts`, "export const isOver = () => 1 > 2;\n");
    const { code, stdout, stderr } = await outputOf(startMutants(folder));
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "Cannot try mutants: without one, tests/limit_test.ts failed");
    const none = await outputOf(startMutants(folder, ["--files", "src/none.ts"]));
    assertEquals(none.code, 2);
    assert(none.stderr.includes('No file of src/ matches "src/none.ts"'));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a test that reaches its area through mod.ts, as users do, looks at it", async () => {
  const folder = await makeProject();
  try {
    const more = {
      "mod.ts": 'export { deep } from "./src/area/deep.ts";\n',
      "src/area/deep.ts": "export const deep = true;\n",
      "tests/area/users_test.ts":
        'import { deep } from "../../mod.ts";\nDeno.test("deep", () => { if (!deep) throw new Error(); });\n',
    };
    for (const [name, text] of Object.entries(more)) {
      await Deno.mkdir(`${folder}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { stdout } = await outputOf(startMutants(folder, ["--files", "src/area"]));
    assertMatch(stdout, /^Noticed: 1 of 1 mutants, 100 %$/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
