/**
 * Codes of kept seeds, on the command line.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { FakePermissions, ScriptedTerminal } from "../../fake_system.ts";
import { Desk, type DeskOptions, type DeskResult, role, user } from "../desk.ts";

const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const folder = "/home/kim/.aws/stsaval/sealed";
const opener = ["--opener", "identity:~/key.txt"];
const stores = (config: string) => `${config}\n[profile ${user}]\nmfa_store = true\n`;

/** A desk whose command lines are programs of their own: none has what the one before has dropped. */
class SeedDesk extends Desk {
  override async run(...words: readonly string[]): Promise<DeskResult> {
    const { terminal } = this.system;
    const permissions = new FakePermissions();
    const status = await main(words, { ...this.system, permissions });
    return { status, out: terminal.stdout, err: terminal.stderr };
  }
}

function desk(options: DeskOptions = {}): Desk {
  const made = new SeedDesk({
    edit: stores,
    terminal: new ScriptedTerminal({ input: `${secret}\n` }),
    ...options,
  });
  made.system.files.contents.set(
    "/home/kim/key.txt",
    "AGE-SECRET-KEY-16H8GKWXKUNC8YQFUZQ2KLT5CHHJQGJXFUCEP34P5EH5TZ29GNPSQ5Q5UFK\n",
  );
  made.system.files.modes.set("/home/kim/key.txt", 0o600);
  return made;
}

Deno.test("mfa add keeps the seed sealed, and no file or output holds it", async () => {
  const made = desk();
  const { system } = made;
  const { status, out, err } = await made.run("mfa", "add", user, ...opener);
  assertEquals([status, out], [0, ""]);
  assertStringIncludes(err, "Seed and key on one machine are one factor");
  const texts = [...system.files.contents].map(([, text]) => String(text));
  assertEquals(texts.filter((text) => text.includes("JBSWY3DP")), []);
  assert(!err.includes("JBSWY3DP"));
  const sealed = `${folder}/${user}.mfa.age`;
  assertStringIncludes(String(system.files.contents.get(sealed)), "AGE ENCRYPTED FILE");
  assertEquals(system.files.modes.get(sealed), 0o600);
});

Deno.test("mfa add reads a hidden prompt at a terminal", async () => {
  const keys = [...secret.toLowerCase(), "\r"];
  const made = desk({ terminal: new ScriptedTerminal({ keys }) });
  const { status, err } = await made.run("mfa", "add", role, ...opener);
  assertEquals(status, 0);
  assertStringIncludes(err, `Secret key of the MFA device of "${user}": \n`);
  assertEquals(err.toUpperCase().includes("JBSWY3DP"), false);
});

Deno.test("each code of a kept seed is used once: the next sign-in waits for the next step", async () => {
  const made = desk();
  await made.run("mfa", "add", user, ...opener);
  assertEquals((await made.run("creds", role)).status, 0);
  const again = made.run("creds", role, "--no-cache");
  await made.system.clock.advance(30_000);
  const { status, err } = await again;
  assertEquals(status, 0);
  assertMatch(err, /the present MFA code was used: the next one in 30 s/);
  const codes = made.emulator.calls.filter(({ operation }) => operation === "GetSessionToken");
  assertEquals(codes.map(({ outcome }) => outcome), ["ok", "ok"]);
});

Deno.test("a code that was used elsewhere is followed by the next one", async () => {
  const made = desk();
  await made.run("mfa", "add", user, ...opener);
  assertEquals((await made.run("token", user, "--no-cache", "--mfa-code", made.code)).status, 0);
  const refused = made.run("creds", role, "--no-cache");
  await made.system.clock.advance(30_000);
  assertEquals((await refused).status, 0);
});

Deno.test("mfa code prints six digits, once a step", async () => {
  const made = desk();
  await made.run("mfa", "add", user, ...opener);
  assertEquals((await made.run("mfa", "code")).out, `${made.code}\n`);
  const second = made.run("mfa", "code", role, "--json");
  await made.system.clock.advance(30_000);
  assertStringIncludes((await second).out, JSON.stringify({ profile: user, code: made.code }));
});

Deno.test("--show-codes prints the two codes that AWS's form asks for", async () => {
  const made = desk();
  const first = made.code;
  const added = made.run("mfa", "add", user, "--show-codes", ...opener);
  await made.system.clock.advance(30_000);
  assertEquals((await added).out, `${first}\n${made.code}\n`);
});

Deno.test("a profile that says nothing, or no, asks; one with a program runs it", async () => {
  for (const more of ["", `\n[profile ${role}]\nmfa_store = false\n`]) {
    const edit = (config: string) => more === "" ? config : stores(config) + more;
    const made = desk({ edit });
    await made.run("mfa", "add", user, ...opener);
    const { status, err } = await made.run("creds", role, "--no-input");
    assertEquals(status, 3);
    assertStringIncludes(err, "Cannot prompt for the MFA code");
  }
  const edit = (config: string) => `${stores(config)}\n[profile ${role}]\nmfa_process = code\n`;
  const program = (_words: readonly string[], at: Desk) => ({ stdout: at.code, exit: 0 });
  const made = desk({ edit, program });
  await made.run("mfa", "add", user, ...opener);
  assertEquals((await made.run("creds", role)).status, 0);
  assertEquals(made.system.processes.started.length, 1);
});

Deno.test("a seed of another device is not used", async () => {
  const made = desk();
  const other = "arn:aws:iam::123456789012:mfa/other";
  await made.run("mfa", "add", user, "--mfa-serial", other, ...opener);
  const { status, err } = await made.run("creds", role);
  assertEquals(status, 3);
  assertStringIncludes(
    err,
    `the seed of "${other}" is kept, and a code of "${made.serial}" is needed`,
  );
});

Deno.test("mfa remove needs nothing that opens the seed", async () => {
  const made = desk();
  await made.run("mfa", "add", user, ...opener);
  made.system.files.contents.delete("/home/kim/key.txt");
  assertEquals((await made.run("mfa", "remove", user)).status, 0);
  const left = [...made.system.files.contents.keys()].filter((path) =>
    path.startsWith(folder) && !path.endsWith(".lock")
  );
  assertEquals(left, []);
});
