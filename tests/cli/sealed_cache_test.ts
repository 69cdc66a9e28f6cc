/**
 * The sealed cache on the command line, with a keyring of the kernel's that a test scripts.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processFromCache } from "../../src/cli/cached_process.ts";
import { Desk, role } from "./desk.ts";
import { Kernel } from "./kernel_keyring.ts";

const folder = "/home/kim/.aws/stsaval";
const sealPath = `${folder}/seal.json`;
const seals = (config: string) => `${config}\n[profile ${role}]\nseal_cache = true\n`;

function machine(edit: (config: string) => string = seals) {
  const kernel = new Kernel();
  const desk = new Desk({ edit, program: (words, _desk, input) => kernel.program(words, input) });
  const { files, terminal } = desk.system;
  const creds = (...more: readonly string[]) => desk.run("creds", role, "--no-input", ...more);
  /** Secrets of credentials that any file of the cache holds. */
  const inTheClear = () => {
    const texts = [...files.contents].filter(([path]) => path.startsWith(folder));
    return texts.filter(([, text]) => /"(?:SecretAccessKey|SessionToken)"|ASIA/.test(String(text)))
      .map(([path]) => path);
  };
  return { desk, kernel, files, terminal, creds, inTheClear };
}

Deno.test("seal_cache seals the cache, and later commands need neither a code nor a prompt", async () => {
  const { desk, kernel, files, creds, inTheClear } = machine();
  assertEquals((await creds("--mfa-code", desk.code)).status, 0);
  assertEquals(inTheClear(), []);
  assertEquals(JSON.parse(String(files.contents.get(sealPath))).keeper, "keyctl");
  assert(
    ![...files.contents.values()].some((text) =>
      String(text).includes(String(kernel.kept).slice(-20))
    ),
  );
  const calls = desk.emulator.calls.length;
  const { status, err } = await creds();
  assertEquals([status, err], [0, ""]);
  assertEquals(desk.emulator.calls.length, calls);
  assertEquals(await processFromCache([role], desk.system), 0);
  assertEquals(desk.emulator.calls.length, calls);
});

Deno.test("--seal-cache seals what is cached in the clear already, for all profiles", async () => {
  const { desk, creds, inTheClear } = machine((config) => config);
  await creds("--mfa-code", desk.code);
  assertEquals(inTheClear().length, 2);
  assertEquals((await creds("--seal-cache")).status, 0);
  assertEquals(inTheClear(), []);
  // No profile says so: the cache stays sealed.
  assertEquals((await creds()).status, 0);
  assertEquals((await desk.run("creds", "CodeDeployRole-qa", "--no-input")).status, 0);
  assertEquals(inTheClear(), []);
});

Deno.test("seal_cache = false ends it, where no profile wants it", async () => {
  const { desk, kernel, files, creds, inTheClear } = machine((config) => config);
  await creds("--mfa-code", desk.code, "--seal-cache");
  const path = "/home/kim/.aws/config";
  const config = files.contents.get(path) ?? "";
  files.contents.set(
    path,
    `${config}\n[profile other]\nregion = eu-west-1\nseal_cache = true\n` +
      `[profile ${role}]\nseal_cache = false\n`,
  );
  assertEquals((await creds()).status, 0);
  assertEquals(inTheClear(), []);
  files.contents.set(path, `${config}\n[profile ${role}]\nseal_cache = false\n`);
  const calls = desk.emulator.calls.length;
  assertEquals((await creds()).status, 0);
  assertEquals([inTheClear().length, files.contents.has(sealPath)], [2, false]);
  assertEquals([desk.emulator.calls.length, kernel.kept], [calls, undefined]);
});

Deno.test("a key that cannot be had is said before another code is spent", async () => {
  const { desk, kernel, creds, inTheClear } = machine();
  await creds("--mfa-code", desk.code);
  kernel.isThere = false;
  const { status, err } = await creds();
  assertEquals(status, 3);
  assertMatch(
    err,
    /sealed credentials of profile "\S+" cannot be opened: .*; new ones are fetched, which may take an MFA code/,
  );
  await desk.system.clock.advance(30_000);
  const again = await creds("--mfa-code", desk.code);
  assertEquals(again.status, 0);
  assertEquals(inTheClear(), []);
});

Deno.test("login spends no code where the key of the sealed cache cannot be had", async () => {
  const { desk, kernel, creds } = machine();
  await creds("--mfa-code", desk.code);
  kernel.isThere = false;
  await desk.system.clock.advance(30_000);
  const calls = desk.emulator.calls.length;
  const { status, err } = await desk.run("login", role, "--mfa-code", desk.code);
  assertEquals([status, desk.emulator.calls.length], [1, calls]);
  assertMatch(err, /the cache cannot be sealed.*the kernel's keyring.*Cannot cache credentials/s);
  // What another profile says does not count: this login would not unseal the cache.
  const path = "/home/kim/.aws/config";
  const config = String(desk.system.files.contents.get(path)).replace("seal_cache = true\n", "");
  desk.system.files.contents.set(path, `${config}\n[profile other]\nseal_cache = false\n`);
  const other = await desk.run("login", role, "--mfa-code", desk.code);
  assertEquals([other.status, desk.emulator.calls.length], [1, calls]);
  kernel.isThere = true;
  assertEquals((await desk.run("login", role, "--mfa-code", desk.code)).status, 0);
});

for (
  const [how, config, option] of [
    ["seal_cache", seals, []],
    ["--seal-cache", (text: string) => text, ["--seal-cache"]],
  ] as const
) {
  Deno.test(`login with ${how} spends no code where nothing keeps the key, and seals nothing`, async () => {
    const { desk, kernel, files } = machine(config);
    kernel.isThere = false;
    const words = ["login", role, "--no-input", ...option];
    const { status, err } = await desk.run(...words, "--mfa-code", desk.code);
    assertEquals([status, desk.emulator.calls.length], [1, 0]);
    assertMatch(
      err,
      /the cache cannot be sealed.*passphrase.*Cannot seal the cache.*--seal-cache/s,
    );
    // Neither does a command that makes codes.
    const byCommand = await desk.run(...words, "--mfa-command", "codes");
    assertEquals([byCommand.status, desk.emulator.calls.length], [1, 0]);
    assertEquals(kernel.lines.includes("codes"), false);
    // What is wrong with the plan is told first, and leaves the cache as it is.
    const long = await desk.run(...words, "--lifetime", "37h", "--mfa-code", desk.code);
    assertStringIncludes(long.err.slice(byCommand.err.length), "Cannot use a lifetime of 1d13h");
    assertEquals(long.err.slice(byCommand.err.length).includes("sealed"), false);
    assertEquals(files.contents.has(sealPath), false);
    kernel.isThere = true;
    assertEquals((await desk.run(...words, "--mfa-code", desk.code)).status, 0);
    assertEquals(files.contents.has(sealPath), true);
  });
}

Deno.test("a cache whose keeper is gone for good is unsealed, then sealed anew by another", async () => {
  const { desk, kernel, files, creds, inTheClear } = machine();
  await creds("--mfa-code", desk.code);
  const seal = JSON.parse(String(files.contents.get(sealPath)));
  files.contents.set(sealPath, JSON.stringify({ ...seal, keeper: "keeper-of-the-future" }));
  await desk.system.clock.advance(30_000);
  const refused = await desk.run("login", role, "--mfa-code", desk.code);
  assertEquals(refused.status, 1);
  assertStringIncludes(refused.err, "end the sealing with 'seal_cache = false' in the profile");
  const path = "/home/kim/.aws/config";
  const config = String(files.contents.get(path));
  files.contents.set(path, config.replace("seal_cache = true", "seal_cache = false"));
  assertEquals((await desk.run("login", role, "--mfa-code", desk.code)).status, 0);
  assertEquals(files.contents.has(sealPath), false);
  files.contents.set(path, config);
  assertEquals((await creds()).status, 0);
  assertEquals(JSON.parse(String(files.contents.get(sealPath))).keeper, "keyctl");
  assertEquals([inTheClear(), kernel.kept === undefined], [[], false]);
});

Deno.test("status and logout need no key of a sealed cache", async () => {
  const { desk, kernel, creds, files } = machine();
  await creds("--mfa-code", desk.code);
  kernel.isThere = false;
  const started = kernel.lines.length;
  const shown = await desk.run("status");
  assertStringIncludes(shown.out, "The cache is sealed: its key is kept by keyctl");
  assertStringIncludes(shown.out, role);
  const json = (await desk.run("status", "--json")).out;
  assertStringIncludes(json, '"sealedBy": "keyctl"');
  assertStringIncludes((await desk.run("logout", role)).out, "2 credentials removed");
  assertStringIncludes((await desk.run("logout")).out, "0 credentials removed");
  assertEquals(kernel.lines.length, started);
  assertEquals([...files.contents.keys()].filter((path) => /[0-9a-f]{64}\.json$/.test(path)), []);
});

Deno.test("a sealed cache and the AWS CLI's cache exclude each other", async () => {
  const { desk, creds } = machine();
  const flag = await creds("--seal-cache", "--share-aws-cache");
  assertEquals(flag.status, 2);
  assertStringIncludes(
    flag.err,
    "Cannot use --seal-cache with --share-aws-cache: the AWS CLI reads no sealed file",
  );
  const none = await creds("--seal-cache", "--no-cache");
  assertEquals(none.status, 2);
  assertStringIncludes(none.err, "Cannot use --seal-cache with --no-cache: nothing is cached");
  const mixed = await creds("--share-aws-cache", "--mfa-code", desk.code);
  assertEquals(mixed.status, 4);
  assertStringIncludes(mixed.err, "its cache cannot be sealed and shared with the AWS CLI");
  const both = machine((config) => `${seals(config)}share_aws_cache = true\n`);
  const { status, err } = await both.creds("--mfa-code", both.desk.code);
  assertEquals(status, 4);
  assertMatch(err, /seal_cache of profile ".*" at .*, share_aws_cache of profile ".*" at /);
});

Deno.test("a value of seal_cache that is neither true nor false is refused", async () => {
  const { desk, creds } = machine((config) =>
    `${config}\n[profile ${role}]\nseal_cache = keyctl\n`
  );
  const { status, err } = await creds("--mfa-code", desk.code);
  assertEquals([status, err.includes("seal_cache")], [4, true]);
});

Deno.test("no answer of a sealed cache is kept for stsaval-process", async () => {
  const { desk, creds, files } = machine((config) => config);
  await creds("--mfa-code", desk.code);
  const kept = () => [...files.contents.keys()].filter((path) => path.includes("/answers/"));
  assertEquals((await desk.run("process", "--profile", role, "--keep-answer")).status, 0);
  assertEquals(kept().length, 1);
  await creds("--seal-cache");
  assertEquals(kept(), []);
  assertEquals((await desk.run("process", "--profile", role, "--keep-answer")).status, 0);
  assertEquals(await processFromCache(["--profile", role, "--keep-answer"], desk.system), 0);
  assertEquals(kept(), []);
});
