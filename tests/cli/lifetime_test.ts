/**
 * One rule for lifetimes, whatever asks: a default one takes what the session token still has, a given one that it cannot
 * serve asks for a new one where a code can be had, else what is given instead is said.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../src/session/core.ts";
import type { Logger } from "../../src/logger.ts";
import { silentLogger } from "../../src/logger.ts";
import type { FakeProgram } from "../fake_system.ts";
import { Desk, type DeskOptions, role, user } from "./desk.ts";

const hour = 3_600_000;
/** Command lines that want credentials, and none of which names a lifetime. */
const commands: readonly (readonly string[])[] = [
  ["creds", role],
  ["env", role],
  ["process", role],
  ["write", role],
  ["token", "--profile", user, "--mfa-serial", "SERIAL"],
  ["exec", role, "--", "true"],
];

const program = (): FakeProgram => ({ exit: 0 });

async function loggedIn(lifetime: string, options: DeskOptions = {}): Promise<Desk> {
  const desk = new Desk({ program, ...options });
  const { status, err } = await desk.run(
    ...["login", role, "--lifetime", lifetime, "--mfa-code", desk.code],
  );
  assertEquals(status, 0, err);
  desk.system.clock.jump(31_000);
  return desk;
}

function tokens({ emulator }: Desk): number {
  return emulator.count("GetSessionToken", "ok");
}

/** The options stand before the program of `exec`. */
function withOptions(desk: Desk, words: readonly string[], ...more: string[]): string[] {
  const given = words.map((word) => word === "SERIAL" ? desk.serial : word);
  const end = given.indexOf("--");
  return end < 0 ? [...given, ...more] : [...given.slice(0, end), ...more, ...given.slice(end)];
}

for (const words of commands) {
  const [name] = words;

  Deno.test(`${name} without a lifetime takes what a session token still has, however short it was`, async () => {
    const desk = await loggedIn("30m");
    const { status, err } = await desk.run(...withOptions(desk, words));
    assertEquals([status, tokens(desk)], [0, 1], err);
  });

  Deno.test(`${name} with a lifetime that the session token cannot serve gets a new one`, async () => {
    for (const [kept, later] of [["1h", 0], ["5h", 2 * hour]] as const) {
      const desk = await loggedIn(kept);
      desk.system.clock.jump(later);
      const { status, err } = await desk.run(
        ...withOptions(desk, words, "--lifetime", "5h", "--mfa-code", desk.code),
      );
      assertEquals([status, tokens(desk)], [0, 2], err);
    }
  });

  Deno.test(`${name} says what it gives instead where there is no terminal to ask on`, async () => {
    const desk = await loggedIn("1h");
    const { status, err } = await desk.run(...withOptions(desk, words, "--lifetime", "5h"));
    assertEquals([status, tokens(desk)], [0, 1], err);
    assertMatch(
      err,
      /the session token of profile "IAM_USER1" lives 59m29s more, until \S+, not 5h/,
    );
  });

  Deno.test(`${name} with a lifetime that was just served needs no second code`, async () => {
    const desk = await loggedIn("5h");
    desk.system.clock.jump(10 * 60_000);
    const { status, err } = await desk.run(...withOptions(desk, words, "--lifetime", "5h"));
    assertEquals([status, tokens(desk), err.includes("instead")], [0, 1, false], err);
  });
}

Deno.test("watch without a lifetime renews until the session token ends, sooner or later than 8h", async () => {
  for (const lifetime of ["4h", "12h"]) {
    const desk = await loggedIn(lifetime);
    const running = desk.run("watch", role, "--json");
    while (!desk.system.terminal.stderr.includes("renewed until")) {
      await desk.system.clock.advance(0);
    }
    const until = new Date(Date.UTC(2026, 0, 1) + Number.parseInt(lifetime) * hour);
    assertStringIncludes(desk.system.terminal.stderr, `renewed until ${until.toISOString()}`);
    desk.system.signals.send("SIGINT");
    assertEquals((await running).status, 130);
    assertEquals(tokens(desk), 1);
  }
});

/** A core at the desk, and what it warns of. */
function coreAt(desk: Desk) {
  const warned: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (text) => void warned.push(text) };
  return { warned, core: new StsCore({ system: desk.system, logger, profileName: user }) };
}

Deno.test("a core with a token of an hour says so when five are wanted and there is no code", async () => {
  const desk = new Desk();
  const { core, warned } = coreAt(desk);
  await using _core = core;
  await core.generateSessionToken({ mfaCode: desk.code });
  const set = await core.generateCredentials([role], { lifetime: 5 });
  assertEquals(tokens(desk), 1);
  assertEquals(warned.length, 1);
  assertStringIncludes(warned[0] ?? "", "lives 1h more, until 2026-01-01T01:00:00.000Z, not 5h");
  assertEquals(set.status()[0]?.renewableUntil, new Date(Date.UTC(2026, 0, 1) + hour));
});

Deno.test("a core with a token of an hour gets a new one when five are wanted and a code can be had", async () => {
  const desk = new Desk();
  const { core, warned } = coreAt(desk);
  await using _core = core;
  await core.generateSessionToken({ mfaCode: desk.code });
  desk.system.clock.jump(31_000);
  const set = await core.generateCredentials([role], { lifetime: 5, mfaCode: () => desk.code });
  assertEquals([tokens(desk), warned], [2, []]);
  assert((set.status()[0]?.renewableUntil?.getTime() ?? 0) > Date.UTC(2026, 0, 1) + 5 * hour);
});

Deno.test("a core with a token of five hours serves five without a word", async () => {
  const desk = new Desk();
  const { core, warned } = coreAt(desk);
  await using _core = core;
  await core.generateSessionToken({ lifetime: 5, mfaCode: desk.code });
  await core.generateCredentials([role], { lifetime: 5 });
  assertEquals([tokens(desk), warned], [1, []]);
});
