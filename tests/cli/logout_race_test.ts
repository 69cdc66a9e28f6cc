/**
 * What was begun before a logout is not cached after it, in whichever process it runs.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { StsCore } from "../../src/session/core.ts";
import { ScriptedTerminal, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";
import { createStsEmulator, formatSampleHome } from "../../src/testing/mod.ts";
import { fakeSystem } from "../fake_system.ts";

const role = "DynamoDBRole-dev";
const other = "CodeDeployRole-qa";
const user = "IAM_USER1";
const minute = 60_000;
const folder = "/home/kim/.aws/stsaval/";
const awsCliFolder = "/home/kim/.aws/cli/cache/";

/** One home, in which several processes run. */
class Home {
  readonly clock = new VirtualClock();
  readonly emulator = createStsEmulator({ clock: this.clock });
  readonly system = fakeSystem({
    clock: this.clock,
    fetch: this.emulator.handle,
    files: (() => {
      const { config, credentials } = formatSampleHome(this.emulator.world, {
        url: "http://127.0.0.1:4566",
      });
      return { "/home/kim/.aws/config": config, "/home/kim/.aws/credentials": credentials };
    })(),
  });

  get code(): string {
    return this.emulator.mfaCode(this.emulator.world.users[0]?.mfa?.serial ?? "");
  }

  /** Runs a command with a terminal of its own. */
  start(...words: string[]) {
    const terminal = new ScriptedTerminal();
    const signals = fakeSystem().signals;
    return { terminal, signals, status: main(words, { ...this.system, terminal, signals }) };
  }

  async run(...words: string[]): Promise<string> {
    const { status, terminal } = this.start(...words);
    await this.settle(status);
    assertEquals(await status, 0, terminal.stderr);
    return terminal.stdout + terminal.stderr;
  }

  /** Lets time pass until it has ended, for calls that retry. */
  async settle(running: Promise<unknown>): Promise<void> {
    let ended = false;
    running.finally(() => ended = true).catch(() => {});
    while (!ended) await this.clock.advance(0);
  }

  /** The files that hold credentials. */
  cached(where = folder): readonly string[] {
    const { contents } = this.system.files;
    return [...contents.keys()].filter((path) =>
      path.startsWith(where) && /\/[0-9a-f]{40,64}\.(json|refused)$/.test(path)
    );
  }
}

async function watching(home: Home, ...words: string[]) {
  const running = home.start("watch", role, other, "--mfa-code", home.code, ...words);
  while (!running.terminal.stderr.includes("are renewed")) await home.clock.advance(0);
  return running;
}

Deno.test("a running watch puts nothing back after a logout, goes on in memory and says so once for a profile", async () => {
  const home = new Home();
  const { signals, status, terminal } = await watching(home, "--share-aws-cache");
  assertEquals([home.cached().length, home.cached(awsCliFolder).length], [3, 2]);
  assertStringIncludes(await home.run("logout"), "5 credentials removed");
  await home.clock.advance(3 * 60 * minute);
  assertEquals([home.cached(), home.cached(awsCliFolder)], [[], []]);
  assert((terminal.stdout.match(/ refresh /g)?.length ?? 0) >= 6, "it went on");
  const said = terminal.stderr.match(/profile "\S+" has been logged out: .*/g);
  assertEquals(said?.length, 2, terminal.stderr);
  assertMatch(said?.[0] ?? "", /kept in memory only/);
  signals.send("SIGINT");
  assertEquals(await status, 130);
});

Deno.test("a logout of one profile leaves what a running watch caches of others", async () => {
  const home = new Home();
  const { signals, status } = await watching(home);
  await home.run("logout", role);
  await home.clock.advance(2 * 60 * minute);
  const { contents } = home.system.files;
  const profiles = home.cached().map((path) => JSON.parse(String(contents.get(path))).profile);
  assertEquals(profiles, [other]);
  signals.send("SIGINT");
  assertEquals(await status, 130);
});

Deno.test("what is begun after the logout is cached, beside a watch from before it", async () => {
  const home = new Home();
  const { signals, status } = await watching(home);
  await home.run("logout");
  await home.clock.advance(minute);
  await home.run("login", role, "--mfa-code", home.code);
  const after = home.cached();
  assertEquals(after.length, 2);
  await home.clock.advance(50 * minute);
  assert(home.cached().length <= 2, "the watch adds nothing");
  signals.send("SIGINT");
  assertEquals(await status, 130);
});

Deno.test("a login that a logout overtakes is not cached, and says so", async () => {
  const home = new Home();
  home.emulator.faults.push({
    when: { operation: "GetSessionToken" },
    effect: { kind: "delay", ms: 5_000 },
  });
  const { status, terminal } = home.start("login", role, "--mfa-code", home.code);
  await home.clock.advance(1_000);
  await home.run("logout");
  await home.clock.advance(10_000);
  assertEquals(await status, 1);
  assertStringIncludes(terminal.stderr, `profile "${user}" has been logged out`);
  assertEquals(home.cached(), []);
});

Deno.test("a refusal from before a logout is not kept either, nor one of the profile that is logged out", async () => {
  const home = new Home();
  const refused = home.start("creds", role, "--mfa-code", "000000");
  await home.settle(refused.status);
  assertEquals(await refused.status, 5);
  assertEquals(home.cached().length, 1);
  await home.run("logout", role);
  assertEquals(home.cached(), []);

  home.emulator.faults.push({ effect: { kind: "delay", ms: 5_000 } });
  const late = home.start("creds", role, "--mfa-code", "000000");
  await home.clock.advance(1_000);
  await home.run("logout");
  await home.clock.advance(10_000);
  assertEquals(await late.status, 5);
  assertEquals(home.cached(), []);
});

Deno.test("a core whose session token is from before a logout caches no role made with it", async () => {
  const home = new Home();
  const core = new StsCore({ system: home.system, cache: "disk", profileName: user });
  await using _core = core;
  await core.generateSessionToken({ mfaCode: home.code });
  await home.run("logout");
  await core.generateCredentials([role]);
  assertEquals(home.cached(), []);
  await home.clock.advance(31_000);
  await core.generateSessionToken({ mfaCode: home.code, renew: true });
  await core.generateCredentials([role]);
  assertEquals(home.cached().length, 2);
});

Deno.test("a logout removes of the AWS CLI's cache what stsaval put there, and nothing else", async () => {
  const home = new Home();
  await home.run("creds", role, "--share-aws-cache", "--mfa-code", home.code);
  const theirs = `${awsCliFolder}${"a".repeat(40)}.json`;
  home.system.files.contents.set(theirs, '{"Credentials":{}}');
  await home.run("logout");
  assertEquals(home.cached(awsCliFolder), [theirs]);
});

Deno.test("a cache folder that was removed by hand stays without what was begun before", async () => {
  const home = new Home();
  await home.run("logout");
  const { signals, status } = await watching(home);
  const { contents } = home.system.files;
  for (const path of contents.keys()) if (path.startsWith(folder)) contents.delete(path);
  await home.clock.advance(2 * 60 * minute);
  assertEquals(home.cached(), []);
  signals.send("SIGINT");
  assertEquals(await status, 130);
});

Deno.test("where files have no locks a logout holds as well", async () => {
  const home = new Home();
  home.system.files.lock = () => Promise.reject(new Error("no locks"));
  const { signals, status } = await watching(home);
  await home.run("logout");
  await home.clock.advance(2 * 60 * minute);
  await settle();
  assertEquals(home.cached(), []);
  signals.send("SIGINT");
  assertEquals(await status, 130);
});
