/**
 * `stsaval doctor --fix` changes what is safe, shows it first, shows no secret, and loses nothing.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { replaceLines } from "../../../src/cli/doctor/fixes.ts";
import { type FakeSystem, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";

const configPath = "/home/kim/.aws/config";
const credentialsPath = "/home/kim/.aws/credentials";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYa";

const config = "; mine\r\n[default]\r\nRegion = eu-west-1 \r\n\r\n[profile dev];work\r\n" +
  "role_arn = arn:aws:iam::123456789012:role/Dev # the role\r\nsource_profile = default\r\n# end";
const credentials = "[default]\naws_access_key_id = AKIAQWERTYUIOPASDFGH\n" +
  `aws_secret_access_key = ${secret} # older-secret\n`;

function systemOf(keys: readonly string[]): FakeSystem {
  const system = fakeSystem({
    files: { [configPath]: config, [credentialsPath]: credentials },
    terminal: new ScriptedTerminal({ keys, isTerminal: keys.length > 0 }),
  });
  system.files.modes.set(credentialsPath, 0o644);
  return system;
}

const run = (system: FakeSystem, ...words: readonly string[]) =>
  system.clock.runUntil(main(["doctor", "--offline", ...words], system));

Deno.test("doctor --fix: writes what was shown, and nothing else changes", async () => {
  const system = systemOf(["y", "\r"]);
  assertEquals(await run(system, "--fix"), 0);
  assertEquals(
    system.files.contents.get(configPath),
    "; mine\r\n[default]\r\nregion = eu-west-1 \r\n\r\n[profile dev] ;work\r\n# the role\r\n" +
      "role_arn = arn:aws:iam::123456789012:role/Dev\r\nsource_profile = default\r\n# end",
  );
  assertEquals(
    system.files.contents.get(credentialsPath),
    `[default]\naws_access_key_id = AKIAQWERTYUIOPASDFGH\n# older-secret\naws_secret_access_key = ${secret}\n`,
  );
  assertEquals(system.files.modes.get(credentialsPath), 0o600);
  assertStringIncludes(system.terminal.stderr, "-Region = eu-west-1");
  assertStringIncludes(system.terminal.stderr, "+region = eu-west-1");
  for (const hidden of [secret, "older-secret"]) {
    assertEquals(system.terminal.stderr.includes(hidden), false);
    assertEquals(system.terminal.stdout.includes(hidden), false);
  }
  assertStringIncludes(system.terminal.stdout, "Nothing is wrong");
});

Deno.test("doctor --fix: writes nothing without a yes", async () => {
  for (const keys of [["n", "\r"], ["\r"], ["\x03"]]) {
    const system = systemOf(keys);
    await run(system, "--fix");
    assertEquals(system.files.contents.get(configPath), config);
    assertEquals(system.files.contents.get(credentialsPath), credentials);
    assertEquals(system.files.modes.get(credentialsPath), 0o644);
  }
});

Deno.test("doctor --fix: asks for --yes where there is no terminal", async () => {
  const system = systemOf([]);
  assertEquals(await run(system, "--fix"), 2);
  assertStringIncludes(system.terminal.stderr, "--yes");
  assertEquals(system.files.contents.get(configPath), config);
  assertEquals(await run(system, "--fix", "--yes"), 0);
  assertEquals(await run(system, "--fail-on", "note"), 0);
});

Deno.test("doctor: the exit status follows the severity", async () => {
  const system = systemOf([]);
  assertEquals(await run(system), 0);
  assertEquals(await run(system, "--fail-on", "warning"), 1);
  system.files.modes.set(configPath, 0o666);
  assertEquals(await run(system), 1);
  assertEquals(await run(system, "--fail-on", "never"), 2);
});

Deno.test("doctor: a lock, a proxy and the network are left alone with --offline", async () => {
  const system = systemOf([]);
  await run(system, "--json");
  assertEquals(system.terminal.stdout.includes('"clock"'), false);
});

Deno.test("doctor: without a network it says that the clock was not compared, and works", async () => {
  const system = systemOf([]);
  assertEquals(await system.clock.runUntil(main(["doctor", "--json"], system)), 0);
  assertStringIncludes(system.terminal.stdout, "The clock was not compared with that of STS");
});

Deno.test("replaceLines: a line that has changed meanwhile stays", () => {
  const fixes = [{ line: 1, replacement: ["a"] }, { line: 2, replacement: ["b", "c"] }];
  assertEquals(replaceLines("A\nB\n", "A\nB\n", fixes), "a\nb\nc\n");
  assertEquals(replaceLines("X\nB", "A\nB", fixes), "X\nb\nc");
});
