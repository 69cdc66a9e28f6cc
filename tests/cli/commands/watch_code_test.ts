/**
 * What `watch` does when the session token ends: the next code comes from a command, the terminal, or nowhere.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type FakeProgram, ScriptedTerminal } from "../../fake_system.ts";
import { Desk, role } from "../desk.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A program that prints the code that the device shows. */
const printsCode = (_words: readonly string[], desk: Desk): FakeProgram => ({
  stdout: `${desk.code}\n`,
  exit: 0,
});

function tokens({ emulator }: Desk): number {
  return emulator.count("GetSessionToken", "ok");
}

async function until(desk: Desk, isThere: () => boolean, most = 2_000): Promise<void> {
  for (let turn = 0; turn < most && !isThere(); turn++) await desk.system.clock.advance(0);
  assert(isThere(), desk.system.terminal.stderr);
}

/** Starts a watch, and gives the promise of its end in an object, so that it is not awaited. */
async function start(desk: Desk, ...words: string[]) {
  const ended = desk.run("watch", role, ...words);
  await until(desk, () => desk.system.terminal.stderr.includes("renewed until"));
  return { ended };
}

Deno.test("watch without a terminal exits with 3 when its session token ends, and says what helps", async () => {
  const desk = new Desk();
  const { ended } = await start(desk, "--mfa-code", desk.code);
  await desk.system.clock.advance(8 * hour + minute);
  const { status, err } = await ended;
  assertEquals(status, 3);
  assertStringIncludes(err, "no longer renewed: the session token");
  assertStringIncludes(err, "Cannot renew the credentials any longer: cannot prompt for the MFA");
  assertStringIncludes(err, "hint: run 'stsaval login', then watch again; with --mfa-command");
  assertEquals([desk.system.clock.sleeping, desk.system.signals.listening], [0, 0]);
});

Deno.test("watch with an MFA command gets the next session token by itself, without a gap in the file", async () => {
  for (const words of [["--mfa-command", "code"], []]) {
    const desk = new Desk({
      program: printsCode,
      edit: (config) =>
        words.length > 0 ? config : config.replace("mfa_serial", "mfa_process = code\nmfa_serial"),
    });
    const file = "/home/kim/live.json";
    const { ended } = await start(desk, ...words, "--write", file);
    for (let passed = 0; passed < 20 * 60; passed += 5) {
      await desk.system.clock.advance(5 * minute);
      const set = JSON.parse(await desk.system.files.readText(file) ?? "{}");
      const { Expiration } = set[`sts-${role}`] ?? {};
      assert(Date.parse(Expiration) > desk.system.clock.now(), `${passed} min: ${Expiration}`);
    }
    assertEquals(tokens(desk), 3);
    desk.system.signals.send("SIGINT");
    assertEquals((await ended).status, 130);
    assertEquals(desk.system.clock.sleeping, 0);
  }
});

Deno.test("watch on a terminal asks for the next code and goes on", async () => {
  let code = () => "";
  const terminal = new ScriptedTerminal({ isTerminal: true, keys: [() => `${code()}\r`] });
  const desk = new Desk({ terminal, env: { NO_COLOR: "1" } });
  code = () => desk.code;
  const { ended } = await start(desk, "--mfa-code", desk.code);
  await desk.system.clock.advance(8 * hour + minute);
  await until(desk, () => terminal.stderr.includes("renewed until 2026-01-01T16:0"));
  assertStringIncludes(terminal.stderr, "MFA code");
  assertEquals([tokens(desk), terminal.raw], [2, false]);
  desk.system.signals.send("SIGINT");
  assertEquals((await ended).status, 130);
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("watch takes the session token that a login has made meanwhile", async () => {
  const desk = new Desk();
  const { ended } = await start(desk, "--mfa-code", desk.code);
  await desk.system.clock.advance(7 * hour);
  const login = await desk.run("login", role, "--mfa-code", desk.code);
  assertEquals(login.status, 0, login.err);
  await desk.system.clock.advance(3 * hour);
  assertStringIncludes(desk.system.terminal.stderr, "renewed until 2026-01-01T19:00:00.000Z");
  assertEquals(tokens(desk), 2);
  desk.system.signals.send("SIGTERM");
  assertEquals((await ended).status, 143);
});

Deno.test("watch with a lifetime ends with 0 when that is over, and with 3 when the session token ends before", async () => {
  for (const [kept, status] of [["5h", 0], ["1h", 3]] as const) {
    const desk = new Desk();
    const login = await desk.run("login", role, "--lifetime", kept, "--mfa-code", desk.code);
    assertEquals(login.status, 0, login.err);
    const { ended } = await start(desk, "--lifetime", "2h");
    await desk.system.clock.advance(2 * hour + minute);
    assertEquals((await ended).status, status);
  }
});

Deno.test("a session token that STS rejects early counts as ended", async () => {
  const desk = new Desk();
  const { ended } = await start(desk, "--mfa-code", desk.code, "--lifetime", "2h");
  desk.emulator.faults.push({
    when: { operation: "AssumeRole" },
    effect: { kind: "fail", code: "ExpiredToken", status: 403 },
  });
  await desk.system.clock.advance(hour);
  assertEquals((await ended).status, 3);
});

Deno.test("a session token that took a code changes the stamp that the path unit watches, a role does not", async () => {
  const desk = new Desk();
  const stamp = "/home/kim/.aws/stsaval/session.stamp";
  await desk.run("login", role, "--lifetime", "4h", "--mfa-code", desk.code);
  assertEquals(desk.system.files.contents.get(stamp), "2026-01-01T04:00:00.000Z\n");
  desk.system.files.contents.delete(stamp);
  await desk.run("creds", "CodeDeployRole-qa");
  assertEquals(desk.system.files.contents.has(stamp), false);
});
