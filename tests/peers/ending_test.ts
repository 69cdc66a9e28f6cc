/**
 * Programs that keep credentials fresh end when they are done: with and without disposing, at once after `halt()`, and
 * with nothing left behind. Each is a process of its own, since only a process shows what keeps it alive.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder } from "./source_program.ts";

const root = new URL("../../", import.meta.url);
const profile = "DynamoDBRole-dev";
const importCore = `import { StsCore } from ${JSON.stringify(new URL("mod.ts", root).href)};`;
/** A program that sleeps until its next renewal would run for half an hour. */
const patienceMs = 120_000;

/** Runs the text with Deno until it ends by itself, or our patience does. */
async function run({ home }: PeerBench, subcommand: readonly string[], text: string) {
  const file = `${home}/program.ts`;
  await Deno.writeTextFile(file, text);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...subcommand,
      ...["--quiet", "--no-prompt", "--no-check"],
      `--config=${new URL("deno.json", root).pathname}`,
      ...["--allow-read", "--allow-env", "--allow-net=127.0.0.1", file],
    ],
    clearEnv: true,
    env: { HOME: home, DENO_DIR: denoFolder(), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const patience = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(patience);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the statements as a main function that has `StsCore`, and `options` with an MFA code. */
async function runMain(bench: PeerBench, statements: string) {
  const [, mfaCode] = bench.freshMfa();
  return await run(
    bench,
    ["run"],
    `${importCore}
    const options = { lifetime: 5, mfaCode: "${mfaCode}" };
    async function main() { ${statements} }
    await main();
    console.log("main returned");`,
  );
}

const programs = {
  "that disposes of its StsCore": `
    await using sts = new StsCore();
    const set = await sts.generateCredentials(["${profile}"], options);
    if (set.status()[0].nextRefresh === undefined) throw new Error("nothing is refreshed");
  `,
  "that disposes of its set alone": `
    await using set = await new StsCore().generateCredentials(["${profile}"], options);
    if (set.status()[0].nextRefresh === undefined) throw new Error("nothing is refreshed");
  `,
  "that forgets to dispose": `
    const sts = new StsCore();
    const set = await sts.generateCredentials(["${profile}"], options);
    if (set.status()[0].nextRefresh === undefined) throw new Error("nothing is refreshed");
  `,
  "that forgets to dispose, and listens": `
    const set = await new StsCore().generateCredentials(["${profile}"], options);
    set.addEventListener("refresh", () => {});
    set.addEventListener("halt", () => console.log("halted"));
  `,
};

for (const [name, statements] of Object.entries(programs)) {
  Deno.test(`a program ${name} ends when its main function returns`, async () => {
    await using bench = await startEmulator();
    const { code, stdout, stderr } = await runMain(bench, statements);
    assertEquals([code, stdout, stderr], [0, "main returned\n", ""]);
  });
}

Deno.test("halt() ends a call that STS never answers, and the program with it", async () => {
  await using bench = await startEmulator();
  const file = `${bench.home}/called`;
  bench.emulator.faults.push({
    get effect() {
      void Deno.writeTextFile(file, "");
      return { kind: "hang" } as const;
    },
  });
  const { code, stdout, stderr } = await runMain(
    bench,
    `const sts = new StsCore({ timeoutMs: 600_000 });
    const running = sts.generateCredentials(["${profile}"], options);
    while (!await Deno.stat("${file}").then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    sts.halt("enough");
    await running.catch((error) => console.log(error.message));`,
  );
  assertEquals([code, stdout, stderr], [0, "Halted: enough\nmain returned\n", ""]);
  assertEquals(bench.emulator.calls.length, 1);
});

Deno.test("halt() ends whoever waits for changes()", async () => {
  await using bench = await startEmulator();
  const { code, stdout } = await runMain(
    bench,
    `const sts = new StsCore();
    const set = await sts.generateCredentials(["${profile}"], options);
    const waiting = set.changes()[Symbol.asyncIterator]().next();
    sts.halt("enough");
    if (!(await waiting).done) throw new Error("nothing has changed");
    console.log(set.haltReason);`,
  );
  assertEquals([code, stdout], [0, "enough\nmain returned\n"]);
});

/**
 * For Deno's sanitizers, which know of every timer, listener and socket that outlives a test, but for timers that let
 * the program end: with this clock all of them keep it alive. Newer versions of Deno have to be told to look.
 */
const sanitized = (mfaCode: string, ending: string) => `
  ${importCore}
  import { denoSystem } from ${JSON.stringify(new URL("src/deno/system.ts", root).href)};
  const { now, sleep } = denoSystem.clock;
  const clock = { now, sleep: (ms, { signal }) => sleep(ms, { signal, keepAlive: true }) };
  const sanitizers = { sanitizeOps: true, sanitizeResources: true };
  Deno.test("nothing is left", sanitizers, async () => {
    const sts = new StsCore({ system: { clock } });
    const options = { lifetime: 5, mfaCode: "${mfaCode}" };
    const set = await sts.generateCredentials(["${profile}"], options);
    set.addEventListener("refresh", () => {});
    ${ending}
  });
`;

Deno.test("halt() leaves no timer, listener or socket; without it, Deno's sanitizers find some", async () => {
  await using bench = await startEmulator();
  const check = async (ending: string) => {
    const [, mfaCode] = bench.freshMfa();
    return await run(bench, ["test", "--trace-leaks"], sanitized(mfaCode, ending));
  };
  const halted = await check("sts.halt();");
  assertEquals(halted.code, 0, halted.stdout + halted.stderr);
  assertMatch(halted.stdout, /ok \| 1 passed \| 0 failed/);
  const refreshed = await check("");
  assertEquals(refreshed.code, 1, "nothing was found although the set is refreshed still");
  assertMatch(refreshed.stdout, /Leaks detected[^]*timer/);
});
