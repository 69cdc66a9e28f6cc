/**
 * The lines that `stsaval permissions COMMAND --deno` prints, run by a shell: they ask nothing, and they suffice.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { sampleWorld } from "../../src/testing/mod.ts";
import { packageSpecifier } from "../../src/cli/permissions/deno_line.ts";
import { quotePosix } from "../../src/output/shell.ts";
import { configFor, fileName, loginFile, world } from "../source/login/fixtures.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { admin, startSsoBench } from "./sso_bench.ts";

const root = new URL("../../", import.meta.url).pathname;
const profile = "DynamoDBRole-dev";

/** Runs what is printed for a command line, with this checkout in place of the published package. */
async function runPrinted(bench: PeerBench, command: string, words: readonly string[]) {
  const own = { DENO_DIR: denoFolder(), NO_COLOR: "1" };
  const printed = await bench.run(
    Deno.execPath(),
    sourceArgs(["permissions", command, "--deno", "--", "--endpoint-url", bench.url, ...words]),
    own,
  );
  assertEquals([printed.code, printed.stderr], [0, ""]);
  const line = printed.stdout
    .replace("deno run", `${quotePosix(Deno.execPath())} run --quiet --config=${root}deno.json`)
    .replace(packageSpecifier, `${root}cli.ts`);
  return await bench.run("sh", ["-c", line], own);
}

const commands: Readonly<Record<string, readonly string[]>> = {
  creds: ["--profiles", profile, "--format", "json"],
  env: ["--profile", profile],
  process: ["--profile", profile],
};

for (const [command, words] of Object.entries(commands)) {
  Deno.test(`the printed line for ${command} needs no more, for a cold and for a warm cache`, async () => {
    await using bench = await startEmulator();
    const [, code] = bench.freshMfa();
    const cold = await runPrinted(bench, command, [...words, "--mfa-code", code]);
    assertEquals([cold.code, cold.stderr], [0, ""]);
    const warm = await runPrinted(bench, command, words);
    assertEquals([warm.code, warm.stderr], [0, ""]);
    assertStringIncludes(cold.stdout, "ASIA");
    assertEquals(bench.emulator.count("AssumeRole", "ok"), 1);
  });
}

Deno.test("the printed line for exec runs the program that it names, and --output writes its file", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const ran = await runPrinted(bench, "exec", [
    ...["--profile", profile, "--mfa-code", code, "--", "printenv", "STSAVAL_PROFILE"],
  ]);
  assertEquals([ran.code, ran.stdout, ran.stderr], [0, `${profile}\n`, ""]);
  const file = `${bench.home}/a, b.json`;
  const wrote = await runPrinted(bench, "creds", ["--profiles", profile, "--output", file]);
  assertEquals([wrote.code, wrote.stderr], [0, ""]);
  assertStringIncludes(await Deno.readTextFile(file), profile);
});

Deno.test("the printed line for a profile of IAM Identity Center refreshes its token and gets its role", async () => {
  await using bench = await startSsoBench();
  // Below the window of a refresh.
  await bench.endTokenIn(60_000);
  const made = await runPrinted(bench, "creds", ["--profiles", admin, "--format", "json"]);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertStringIncludes(made.stdout, "ASIA");
  assertEquals(bench.emulator.count("GetRoleCredentials", "ok"), 1);
  assertEquals(bench.emulator.count("CreateToken", "ok"), 1);
});

Deno.test("the printed line for a profile of aws login refreshes it", async () => {
  await using bench = await startEmulator({ world: { ...world, users: sampleWorld().users } });
  await Deno.writeTextFile(`${bench.home}/.aws/config`, configFor(bench.url));
  const folder = `${bench.home}/.aws/login/cache`;
  await Deno.mkdir(folder, { recursive: true });
  const kept = loginFile(bench.emulator, Date.now() + 900_000);
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  await Deno.writeTextFile(
    `${folder}/${fileName}`,
    JSON.stringify({ ...kept, accessToken: { ...Object(kept.accessToken), expiresAt } }),
  );
  const made = await runPrinted(bench, "process", ["--profile", "admin"]);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertStringIncludes(made.stdout, "ASIA");
  assertEquals(bench.emulator.count("CreateOAuth2Token", "ok"), 1);
});
