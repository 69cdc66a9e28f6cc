/**
 * `stsaval watch` of three roles on top of a sign-in, on a virtual clock: IAM Identity Center and `aws login`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { formatToken } from "../../../src/source/sso/token_file.ts";
import type { StsEmulator } from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";
import { loginFile, startLogin } from "../../source/login/fixtures.ts";
import { startSso } from "../../source/sso/fixtures.ts";
import { endSignIns } from "../../transcript_sign_ins.ts";

const minute = 60_000;
const names = ["One", "Two", "Three"];
const live = "/home/kim/live.json";

interface World {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  /** The file of the sign-in. */
  readonly path: string;
}

interface Kind {
  /** The call that refreshes, how long what it gives lives, and with how much left it is made. */
  readonly refresh: string;
  readonly seconds: number;
  readonly windowSeconds: number;
  readonly hint: string;
  readonly start: () => Promise<World>;
  /** What the file holds after the person has signed in again. */
  readonly signInAgain: (world: World, now: number) => string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "sign-in to IAM Identity Center": {
    refresh: "CreateToken",
    ...{ seconds: 3_600, windowSeconds: 900 },
    hint: "hint: sign in with 'stsaval login admin'",
    start: async () => {
      const settings = { tokenSeconds: 3_600, detectsReuse: true };
      const { tokenPath, ...world } = await startSso({ settings, tokenSeconds: 3_600 });
      return { ...world, path: tokenPath };
    },
    signInAgain: ({ emulator }, now) => {
      const { clientId, clientSecret, accessToken, refreshToken } = emulator.signInToSso();
      const token = { clientId, clientSecret, accessToken, refreshToken };
      return formatToken({ ...token, expiresAt: now + 60 * minute });
    },
  },
  "sign-in by aws login": {
    refresh: "CreateOAuth2Token",
    ...{ seconds: 900, windowSeconds: 300 },
    hint: "hint: sign in with 'aws login --profile admin'",
    start: async () => await startLogin({ seconds: 900, settings: { detectsReuse: true } }),
    signInAgain: ({ emulator }, now) => JSON.stringify(loginFile(emulator, now + 15 * minute)),
  },
};

/** The same world with another terminal in front of it. */
function atTerminal({ emulator, system }: World, terminal: ScriptedTerminal): FakeSystem {
  const files = Object.fromEntries(system.files.contents);
  const { clock, random } = system;
  return fakeSystem({
    ...{ clock, random, files, terminal, fetch: emulator.handle },
    env: { NO_COLOR: "1" },
  });
}

for (const [name, kind] of Object.entries(kinds)) {
  Deno.test(`watch renews three roles and the ${name} under them by its own rule`, async () => {
    const world = await kind.start();
    const { emulator, system: { clock, files, terminal }, path } = world;
    const before = emulator.calls.length;
    const words = ["watch", ...names, "--lifetime", "3h", "--write", live, "--json"];
    const running = main(words, world.system);
    await clock.advance(1);
    for (let passed = 0; passed < 180; passed++) {
      const set = JSON.parse(await files.readText(live) ?? "{}");
      for (const role of names) {
        const end = Date.parse(set[`sts-${role}`].Expiration);
        assert(end - clock.now() > 10 * minute, `${role} after ${passed} minutes`);
      }
      await clock.advance(minute);
    }
    await clock.advance(minute);
    assertEquals([await running, terminal.stderr.includes("failed")], [0, false]);
    const events = terminal.stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(events.at(-1).type, "halt");
    for (const role of names) {
      const of = events.filter(({ type, profile }) => type === "refresh" && profile === role);
      assert(of.length >= 2, terminal.stdout);
    }
    const calls = emulator.calls.slice(before);
    assertEquals(calls.filter(({ outcome }) => outcome !== "ok"), []);
    const refreshes = calls.filter(({ operation }) => operation === kind.refresh);
    // No refresh comes before its window, so that there are no more of them than windows.
    const most = Math.floor(3 * 3_600 / (kind.seconds - kind.windowSeconds));
    assert(refreshes.length >= 2 && refreshes.length <= most, `${refreshes.length} of ${most}`);
    assert(!`${terminal.stdout}${terminal.stderr}`.includes(await secretOf(world, path)));
  });

  Deno.test(`watch exits with 3 where the ${name} has ended and nobody can be asked`, async () => {
    const world = await kind.start();
    const { emulator, system: { clock, files, terminal, signals } } = world;
    const running = main(["watch", ...names, "--lifetime", "5h"], world.system);
    await clock.advance(50 * minute);
    await endSignIns(emulator, files.contents as ReadonlyMap<string, string>);
    await clock.advance(120 * minute);
    assertEquals(await running, 3);
    // Others may sign in meanwhile, so that it is tried again until the first credentials end.
    assert(/ retry "\w+", Cannot get credentials/.test(terminal.stdout), terminal.stdout);
    const [error, halt] = terminal.stdout.trim().split("\n").slice(-2);
    assert(
      / error "\w+", Cannot get credentials for profile "admin": a sign-in /.test(error ?? ""),
    );
    assertStringIncludes(halt ?? "", "a sign-in is needed");
    assertStringIncludes(terminal.stderr, kind.hint);
    assertEquals([clock.sleeping, signals.listening], [0, 0]);
  });

  Deno.test(`watch takes the ${name} that a person makes while credentials are left`, async () => {
    const world = await kind.start();
    const { emulator, system: { clock, files, terminal }, path } = world;
    const running = main(["watch", ...names, "--lifetime", "5h"], world.system);
    await clock.advance(50 * minute);
    await endSignIns(emulator, files.contents as ReadonlyMap<string, string>);
    while (!terminal.stdout.includes(" retry ")) await clock.advance(minute);
    files.contents.set(path, kind.signInAgain(world, clock.now()));
    const seen = terminal.stdout.length;
    await clock.advance(60 * minute);
    assertEquals(/ error | halt /.test(terminal.stdout.slice(seen)), false);
    await clock.advance(300 * minute);
    assertEquals(await running, 0);
  });

  Deno.test(`watch on a terminal asks for the ${name} that has ended, and goes on`, async () => {
    const world = await kind.start();
    const typed = Promise.withResolvers<string>();
    const terminal = new ScriptedTerminal({
      isTerminal: true,
      // The first Enter is too early: it is asked again.
      keys: ["x", "\r", () => typed.promise],
    });
    const system = atTerminal(world, terminal);
    const { clock, files } = system;
    const running = main(["watch", ...names, "--lifetime", "6h"], system);
    await clock.advance(50 * minute);
    await endSignIns(world.emulator, files.contents as ReadonlyMap<string, string>);
    const question = "Sign in elsewhere, then press Enter here";
    const asked = () => terminal.stderr.split(question).length - 1;
    for (let passed = 0; passed < 120 && asked() < 2; passed++) await clock.advance(minute);
    assertEquals([asked(), terminal.raw], [2, true]);
    assertStringIncludes(terminal.stderr, kind.hint);
    files.contents.set(world.path, kind.signInAgain(world, clock.now()));
    const seen = terminal.stdout.length;
    typed.resolve("\r");
    await clock.advance(50 * minute);
    assertEquals(terminal.raw, false);
    assert((terminal.stdout.slice(seen).match(/ refresh "/g) ?? []).length >= 3, terminal.stdout);
    system.signals.send("SIGINT");
    assertEquals([await running, clock.sleeping], [130, 0]);
  });

  for (const [key, status] of [["\x03", 130], ["\x04", 3]] as const) {
    Deno.test(`${JSON.stringify(key)} at the question for the ${name} ends watch`, async () => {
      const world = await kind.start();
      const terminal = new ScriptedTerminal({ isTerminal: true, keys: [key] });
      const system = atTerminal(world, terminal);
      const running = main(["watch", "One", "--lifetime", "6h"], system);
      await system.clock.advance(10 * minute);
      await endSignIns(world.emulator, system.files.contents as ReadonlyMap<string, string>);
      await system.clock.advance(150 * minute);
      assertEquals([await running, terminal.raw, system.clock.sleeping], [status, false, 0]);
    });
  }
}

/** The refresh token in the file. */
async function secretOf({ system }: World, path: string): Promise<string> {
  const { refreshToken } = JSON.parse(await system.files.readText(path) ?? "{}");
  assert(typeof refreshToken === "string" && refreshToken !== "");
  return refreshToken;
}
