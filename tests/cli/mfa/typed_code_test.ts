import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sampleWorld } from "../../../src/testing/mod.ts";
import { ScriptedTerminal, type TypedKey } from "../../fake_system.ts";
import { Desk, role } from "../desk.ts";

const other = "CodeDeployRole-qa";

/** A desk where these keys are typed; each may depend on the desk. */
function typing(
  keys: readonly ((desk: Desk) => string | Promise<string>)[],
  edit?: (config: string) => string,
): Desk {
  const typed: TypedKey[] = keys.map((key) => () => key(desk));
  const desk: Desk = new Desk({
    terminal: new ScriptedTerminal({ keys: typed }),
    ...(edit === undefined ? {} : { edit }),
  });
  return desk;
}

const right = ({ code }: Desk) => `${code}\r`;
const wrong = ({ code }: Desk) => `${(Number(code) + 1) % 1_000_000}`.padStart(6, "0") + "\r";

/** The lines on standard error, without what was taken back. */
function linesOf(err: string): readonly string[] {
  let shown = err;
  while (shown.includes("\b \b")) {
    const at = shown.indexOf("\b \b");
    shown = shown.slice(0, at - 1) + shown.slice(at + 3);
  }
  return shown.split("\n").slice(0, -1);
}

Deno.test("a code that AWS refuses is asked for again, and the next one may be right", async () => {
  for (const cached of [[], ["--no-cache"]]) {
    const desk = typing([wrong, right]);
    const { status, err, out } = await desk.run("creds", role, other, ...cached);
    assertEquals(status, 0);
    const answered = `MFA code for ${desk.serial}: ******`;
    assertEquals(linesOf(err), [
      ...[`For profiles ${role}, ${other}:`, answered],
      ...["AWS refused this code: 2 tries left", answered],
    ]);
    assertStringIncludes(out, other);
    assertEquals(desk.emulator.count("GetSessionToken"), 2);
    assertEquals(desk.system.terminal.raw, false);
  }
});

Deno.test("after three refusals the last one is the error", async () => {
  const codes = [1, 2, 3, 4].map((n) => ({ code }: Desk) =>
    `${(Number(code) + n) % 1_000_000}`.padStart(6, "0") + "\r"
  );
  const desk = typing(codes);
  const { status, err } = await desk.run("env", role);
  assertEquals(status, 5);
  assertEquals(desk.emulator.count("GetSessionToken"), 3);
  assertStringIncludes(err, "AWS refused this code: 1 try left");
  assertStringIncludes(err, "invalid MFA one time pass code");
});

Deno.test("a refusal that is remembered does not stand in the way of the next code", async () => {
  const desk = typing([wrong, right]);
  const given = wrong(desk).trim();
  const first = await desk.run("env", role, "--mfa-code", given);
  assertEquals(first.status, 5);
  assertEquals(desk.emulator.count("GetSessionToken"), 1);
  const { status, err } = await desk.run("env", role);
  assertEquals(status, 0);
  assertStringIncludes(err, "AWS refused this code: 2 tries left");
  // The first one was known to be refused, so it was not sent again.
  assertEquals(desk.emulator.count("GetSessionToken"), 2);
});

Deno.test("a code from the command line is tried once, also on a terminal", async () => {
  const desk = typing([right]);
  const { status, err } = await desk.run("env", role, "--mfa-code", wrong(desk).trim());
  assertEquals(status, 5);
  assertEquals(desk.emulator.count("GetSessionToken"), 1);
  assert(!err.includes("MFA code for"));
});

Deno.test("a code from a command is tried once", async () => {
  const desk = new Desk({
    terminal: new ScriptedTerminal({ keys: ["000000\r"] }),
    program: (_words, at) => ({ stdout: wrong(at), exit: 0 }),
  });
  const { status } = await desk.run("env", role, "--mfa-command", "otp");
  assertEquals([status, desk.emulator.count("GetSessionToken")], [5, 1]);
});

Deno.test("a code that was sent is not sent again: the prompt waits for the next one", async () => {
  const later = async (desk: Desk) => {
    assertStringIncludes(desk.system.terminal.stderr, "Used already, the next code in 30 s");
    await desk.system.clock.advance(12_000);
    assert(
      linesOf(`${desk.system.terminal.stderr}\n`).includes("Used already, the next code in 18 s"),
    );
    return "99";
  };
  const next = async (desk: Desk) => {
    await desk.system.clock.advance(18_500);
    return right(desk);
  };
  const desk = typing([wrong, wrong, later, next]);
  const { status, err } = await desk.run("env", role);
  assertEquals(status, 0, err);
  assertEquals(desk.emulator.count("GetSessionToken"), 2);
  assert(!linesOf(err).some((line) => line.includes("Used already")), "the countdown is gone");
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("a device that two sessions need is asked for its next code, after a countdown", async () => {
  const next = async (desk: Desk) => {
    assertStringIncludes(desk.system.terminal.stderr, "Used already");
    await desk.system.clock.advance(31_000);
    return right(desk);
  };
  // The same user by another endpoint: a session token of its own.
  const { accessKeyId, secretAccessKey } = sampleWorld().users[0] ?? {};
  const second = `[profile second]\naws_access_key_id = ${accessKeyId}\n` +
    `aws_secret_access_key = ${secretAccessKey}\nendpoint_url = http://localhost:4566\n` +
    `mfa_serial = ${new Desk().serial}\n` +
    "[profile role-of-second]\nrole_arn = arn:aws:iam::123456789012:role/CodeDeployRole-qa\n" +
    `source_profile = second\nmfa_serial = ${new Desk().serial}\n` +
    "endpoint_url = http://localhost:4566\n";
  const desk = typing([right, next], (config) => `${config}\n${second}`);
  const { status, err } = await desk.run("creds", role, "role-of-second");
  assertEquals(status, 0, err);
  assertEquals(desk.emulator.count("GetSessionToken", "ok"), 2);
});

Deno.test("ctrl+c ends the countdown", async () => {
  const desk = typing([wrong, wrong, () => "\x03"]);
  const { status, err } = await desk.run("env", role);
  assertEquals(status, 130);
  assert(err.endsWith("\x1b[31mstsaval:\x1b[0m Interrupted\n"), err);
  assertEquals(desk.system.terminal.raw, false);
  assertEquals(desk.system.clock.sleeping, 0);
});
