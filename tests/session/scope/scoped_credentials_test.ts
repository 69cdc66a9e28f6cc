/**
 * Scoped copies over days, on a clock that the tests move: how long they serve, what they are made of, and when that is
 * renewed.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProfileError } from "../../../src/errors.ts";
import { StsCore } from "../../../src/session/core.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../../src/testing/mod.ts";
import { fakeSystem, VirtualClock } from "../../fake_system.ts";

const minute = 60_000;
const role = "DynamoDBRole-dev";
const key = `sts-${role}` as const;

interface Setup {
  readonly edit?: (config: string) => string;
  readonly cache?: "memory" | "disk";
  readonly program?: string;
}

function setUp({ edit = (config) => config, cache = "memory", program = "" }: Setup = {}) {
  const clock = new VirtualClock();
  const world = sampleWorld();
  const roles = world.roles.map((one) => ({ ...one, maxSessionDuration: 14_400 }));
  const emulator = createStsEmulator({ clock, world: { ...world, roles } });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const system = fakeSystem({
    clock,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": edit(home.config),
      "/home/kim/.aws/credentials": home.credentials,
    },
    program: () => ({ stdout: program, exit: 0 }),
  });
  const warnings: string[] = [];
  const logger = {
    ...{ debug() {}, info() {}, error() {} },
    warn: (text: string) => void warnings.push(text),
  };
  const core = (options: ConstructorParameters<typeof StsCore>[0] = {}) =>
    new StsCore({ system, cache, logger, ...options });
  const mfaCode = (serial: string) => emulator.mfaCode(serial);
  const calls = () =>
    ["GetSessionToken", "AssumeRole", "GetScopedCredentials"].map((name) =>
      emulator.count(name, "ok")
    );
  return { clock, emulator, system, warnings, core, mfaCode, calls };
}

/** What the policies of its session allow. */
function isScoped({ emulator }: ReturnType<typeof setUp>, accessKeyId: string): boolean {
  return !emulator.isAllowed(accessKeyId, { action: "sqs:ListQueues" }) &&
    emulator.isAllowed(accessKeyId, { action: "s3:GetObject", resource: "arn:aws:s3:::reports/x" });
}

for (const cache of ["memory", "disk"] as const) {
  Deno.test(`copies of ten minutes are renewed for hours from the role, with the cache in ${cache}`, async () => {
    const all = setUp({ cache });
    const { clock, core, mfaCode, calls, emulator } = all;
    const sts = core({ scope: "s3-read:reports", scopeFor: "10m", scopeDescription: "agent" });
    await using _sts = sts;
    const set = await sts.generateCredentials([role], { lifetime: 3, mfaCode });
    const seen = new Set<string>();
    for (let passed = 0; passed < 170; passed++) {
      const { AccessKeyId, Expiration } = set[key];
      seen.add(AccessKeyId);
      assert(Expiration.getTime() > clock.now(), `${passed} minutes`);
      assert(Expiration.getTime() <= clock.now() + 10 * minute, `${passed} minutes`);
      assert(isScoped(all, AccessKeyId));
      await clock.advance(minute);
    }
    const [sessions = 0, roles = 0, copies = 0] = calls();
    assertEquals(sessions, 1);
    // A new role an hour at most, and a copy each seven to eight minutes.
    assert(roles >= 3 && roles <= 5, `${roles} roles`);
    assert(copies >= 20 && copies <= 28, `${copies} copies`);
    assertEquals(seen.size, copies);
    const sent = emulator.calls.filter(({ operation }) => operation === "GetScopedCredentials");
    assertEquals(sent.map(({ outcome }) => outcome), sent.map(() => "ok"));
    assertEquals(sent[0]?.session?.description, "agent");
  });
}

Deno.test("a copy without a life of its own ends with its role, and is renewed with it", async () => {
  const all = setUp({ cache: "disk" });
  const { clock, core, mfaCode, calls } = all;
  const sts = core({ scope: "s3-read:reports" });
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { lifetime: 5, mfaCode });
  for (let passed = 0; passed < 280; passed += 5) {
    const left = set[key].Expiration.getTime() - clock.now();
    assert(left > 14 * minute, `after ${passed} minutes, ${left / minute} are left`);
    assert(isScoped(all, set[key].AccessKeyId));
    await clock.advance(5 * minute);
  }
  const [, roles = 0, copies = 0] = calls();
  assertEquals(roles, copies);
  assert(roles >= 6 && roles <= 8, `${roles} roles`);
});

Deno.test("what is found in the cache has more than 15 minutes left, unless its life was chosen", async () => {
  const all = setUp({ cache: "disk" });
  const { clock, core, mfaCode, calls } = all;
  const ask = async (scopeFor?: string) => {
    const sts = core({ scope: "s3-read:reports", scopeFor });
    await using _sts = sts;
    const set = await sts.generateCredentials([role], { mfaCode, defaultLifetime: "8h" });
    return (set[key].Expiration.getTime() - clock.now()) / minute;
  };
  assertEquals(await ask(), 60);
  await clock.advance(44 * minute);
  assertEquals(await ask(), 16);
  await clock.advance(2 * minute);
  assertEquals(await ask(), 60);
  assertEquals(calls(), [1, 2, 2]);
  // Twenty minutes were chosen: they serve until five are left.
  assertEquals(await ask("20m"), 20);
  await clock.advance(14 * minute);
  assertEquals(await ask("20m"), 6);
  await clock.advance(2 * minute);
  assertEquals(await ask("20m"), 20);
  assertEquals(calls(), [1, 2, 4]);
});

Deno.test("a copy lives from one second on", async () => {
  const all = setUp();
  const { clock, core, mfaCode } = all;
  const sts = core({ scopeFor: "1s" });
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { mfaCode });
  assertEquals(set[key].Expiration.getTime() - clock.now(), 1_000);
});

Deno.test("a role that ends too soon for the copy is assumed anew, and the whole life is asked for only where there is one", async () => {
  const all = setUp({ cache: "disk" });
  const { clock, core, mfaCode, calls, emulator, warnings } = all;
  const ask = async (scopeFor: string) => {
    const sts = core({ scope: "s3-read:reports", scopeFor });
    await using _sts = sts;
    const set = await sts.generateCredentials([role], { mfaCode, defaultLifetime: "8h" });
    return (set[key].Expiration.getTime() - clock.now()) / minute;
  };
  assertEquals(await ask("30m"), 30);
  await clock.advance(25 * minute);
  assertEquals(await ask("40m"), 40);
  assertEquals(calls(), [1, 2, 2]);
  // An hour is all that the role has: the copy ends with it, and no newer role is asked for.
  await clock.advance(minute / 2);
  assert(await ask("1h") > 59);
  assertEquals(calls(), [1, 2, 3]);
  assertEquals(emulator.calls.filter(({ outcome }) => outcome !== "ok"), []);
  assertEquals(warnings, []);
});

Deno.test("a session token takes no code for a longer copy: the copy ends with it, and a warning says so", async () => {
  const all = setUp({ cache: "disk" });
  const { clock, core, mfaCode, calls, warnings } = all;
  const ask = async (options: { scope?: string; scopeFor?: string }) => {
    const sts = core(options);
    await using _sts = sts;
    const set = await sts.generateCredentials(["IAM_USER1"], { mfaCode });
    return (set["sts-IAM_USER1"].Expiration.getTime() - clock.now()) / minute;
  };
  assertEquals(await ask({ scope: "logs-read" }), 60);
  await clock.advance(30 * minute);
  assertEquals(await ask({ scope: "logs-read", scopeFor: "50m" }), 30);
  // Without a policy, something must be sent.
  assertEquals(Math.round(await ask({ scopeFor: "50m" })), 30);
  assertEquals(calls(), [1, 0, 3]);
  const warning =
    'the scoped copy for profile "IAM_USER1" lives 30m, not 50m: the session that it ' +
    "is a copy of ends then";
  assertEquals(warnings.map((text) => text.includes(warning)), [true, true]);
});

Deno.test("copies of a role that took a code itself are renewed until the role ends", async () => {
  const all = setUp({
    edit: (config) => config.replace(`[profile ${role}]\n`, "$&duration_seconds = 14400\n"),
  });
  const { clock, core, mfaCode, calls } = all;
  const sts = core({ scope: "s3-read:reports", scopeFor: "10m" });
  await using _sts = sts;
  const set = await sts.generateCredentials([role], { lifetime: 4, mfaCode });
  assertEquals(calls(), [0, 1, 1]);
  for (let passed = 0; passed < 230; passed += 5) {
    assert(set[key].Expiration.getTime() > clock.now(), `${passed} minutes`);
    assert(isScoped(all, set[key].AccessKeyId));
    await clock.advance(5 * minute);
  }
  const [sessions, roles, copies = 0] = calls();
  assertEquals([sessions, roles], [0, 1]);
  assert(copies > 25, `${copies} copies`);
  await clock.advance(20 * minute);
  assert(set.haltReason !== undefined);
  assertEquals(calls().slice(0, 2), [0, 1]);
});

Deno.test("long-term keys that a program prints are refused: AWS makes copies of temporary ones alone", async () => {
  const { core, emulator } = setUp({
    edit: (config) => `${config}[profile tool]\ncredential_process = tool\nregion = us-east-1\n`,
    program: JSON.stringify({
      ...{ Version: 1, AccessKeyId: "AKIAIOSFODNN7EXAMPLE" },
      SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }),
  });
  const sts = core({ scope: "logs-read" });
  await using _sts = sts;
  const error = await assertRejects(() => sts.generateCredentials(["tool"]), ProfileError);
  assertEquals(error.message.includes('they are long-term keys ("tool"'), true, error.message);
  assertEquals(emulator.calls.length, 0);
});

Deno.test("what a request says overrides what the StsCore says; policies of the one replace those of the other", async () => {
  const all = setUp({ cache: "disk" });
  const { core, mfaCode, emulator } = all;
  const sts = core({
    ...{ policy: "s3-read:reports", sourceIdentity: "kim", sessionTags: { team: "web", a: "1" } },
    scopeFor: "10m",
  });
  await using _sts = sts;
  await sts.generateCredentials([role], { mfaCode });
  await sts.generateCredentials([role], {
    mfaCode,
    policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    sessionTags: { team: "qa" },
    scopeFor: "20m",
  });
  const sent = emulator.calls.filter(({ operation }) => operation === "AssumeRole")
    .map(({ session }) => session);
  const statement = "arn:aws:s3:::reports/*";
  assertEquals(sent[0]?.policy?.includes(statement), true);
  assertEquals(sent.map((session) => session?.policyArns), [
    undefined,
    ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
  ]);
  assertEquals(sent[1]?.policy, undefined);
  assertEquals(sent.map((session) => session?.sourceIdentity), ["kim", "kim"]);
  assertEquals(sent.map((session) => session?.tags?.map(({ key, value }) => `${key}=${value}`)), [
    ["team=web", "a=1"],
    ["team=qa", "a=1"],
  ]);
});
