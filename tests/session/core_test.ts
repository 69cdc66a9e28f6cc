import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  Credentials,
  ExpiredError,
  MfaError,
  ProfileError,
  StsCore,
  type StsCoreOptions,
  StsError,
  UsageError,
} from "../../mod.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";

const names = ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"] as const;
const hour = 3_600_000;

/** A StsCore whose STS is an emulator, both on one virtual clock. */
function start(options: StsCoreOptions = {}, files: Record<string, string> = {}) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: sampleWorld(5) });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const system: FakeSystem = fakeSystem({
    clock,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": home.config,
      "/home/kim/.aws/credentials": home.credentials,
      ...files,
    },
  });
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  const code = () => {
    clock.jump(31_000);
    return emulator.mfaCode(serial);
  };
  return { clock, emulator, system, code, serial, sts: new StsCore({ ...options, system }) };
}

Deno.test("one MFA code for three roles: one GetSessionToken and three AssumeRole", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  const credentials = await sts.generateCredentials(names, { mfaCode: code() });
  assertEquals(Object.keys(credentials), names.map((name) => `sts-${name}`));
  assertEquals(emulator.count("GetSessionToken"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
  const { AccessKeyId, Expiration, StartTime } = credentials["sts-DynamoDBRole-dev"];
  assertEquals(
    emulator.identityOf(AccessKeyId)?.arn,
    "arn:aws:sts::123456789012:assumed-role/DynamoDBRole-dev/sts-DynamoDBRole-dev",
  );
  assert(Expiration.getTime() - StartTime.getTime() > 0.99 * hour);
  assert(Object.is(sts.currentCredentials, credentials));
});

Deno.test("a session token made first serves every role after it, without another code", async () => {
  const { emulator, sts, code } = start({ profileName: "IAM_USER1" });
  await using _disposed = sts;
  const token = await sts.generateSessionToken({ lifetime: 5, mfaCode: code() });
  assertEquals(token.Expiration.getTime() - token.StartTime.getTime(), 5 * hour);
  await sts.generateCredentials([names[0], names[1]]);
  await sts.generateCredentials([names[2]]);
  assertEquals(emulator.count("GetSessionToken"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("an mfaCode function is asked only when a code is needed, and once for all", async () => {
  const { sts, code, serial } = start();
  await using _disposed = sts;
  const asked: string[] = [];
  const mfaCode = (device: string) => {
    asked.push(device);
    return code();
  };
  await sts.generateCredentials(names, { mfaCode });
  await sts.generateCredentials(names, { mfaCode });
  assertEquals(asked, [serial]);
});

Deno.test("a refused code is asked for once, however many roles wait for it", async () => {
  const { emulator, sts } = start({ concurrency: 2 });
  await using _disposed = sts;
  let asked = 0;
  const mfaCode = () => {
    asked++;
    return "000000";
  };
  const error = await assertRejects(() => sts.generateCredentials(names, { mfaCode }), StsError);
  assertEquals(error.awsCode, "AccessDenied");
  assertEquals(error.hint, "wait for the next code on your device, then try again");
  assertEquals(asked, 1);
  assertEquals(emulator.count("GetSessionToken"), 1);
});

Deno.test("without a code the error says so, and nothing was called", async () => {
  const { emulator, sts } = start();
  await using _disposed = sts;
  await assertRejects(() => sts.generateCredentials(names), MfaError, "none was given");
  assertEquals(emulator.calls.length, 0);
});

Deno.test("strict: one bad name rejects the whole list, naming every bad one and the nearest", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  const error = await assertRejects(
    () => sts.generateCredentials(["DynamoDBRole-de", names[1], "nothing"], { mfaCode: code() }),
    ProfileError,
  );
  assertEquals(error.problems.map(({ profile }) => profile), ["DynamoDBRole-de", "nothing"]);
  assertEquals(error.problems[0]?.hint, 'did you mean "DynamoDBRole-dev"?');
  assertEquals(emulator.calls.length, 0);
});

Deno.test("strict: false returns what worked, and the errors beside it", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  emulator.faults.push({
    when: { roleArn: "arn:aws:iam::123456789012:role/CodeDeployRole-qa" },
    effect: { kind: "forbid" },
  });
  const set = await sts.generateCredentials(["nothing", ...names], {
    mfaCode: code(),
    strict: false,
  });
  assertEquals(Object.keys(set), ["sts-DynamoDBRole-dev", "sts-S3ReadOnlyRole-prod"]);
  assertEquals(Object.keys(set.errors), ["nothing", "CodeDeployRole-qa"]);
  assertInstanceOf(set.errors["nothing"], ProfileError);
  assertInstanceOf(set.errors["CodeDeployRole-qa"], StsError);
});

Deno.test("JSON gives everything in full, console.log masks the secrets", async () => {
  const { sts, code } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0]], { mfaCode: code() });
  const credentials = set["sts-DynamoDBRole-dev"];
  assertInstanceOf(credentials, Credentials);
  const { SecretAccessKey, SessionToken } = credentials;
  const json = JSON.stringify(set);
  assertStringIncludes(json, SecretAccessKey);
  assertStringIncludes(json, SessionToken);
  for (const shown of [Deno.inspect(set), Deno.inspect(credentials), Deno.inspect({ set })]) {
    assert(!shown.includes(SecretAccessKey) && !shown.includes(SessionToken), shown);
    assertStringIncludes(shown, "********");
  }
});

Deno.test("a session token shows its newest values, and none once it has ended", async () => {
  const { clock, sts, code } = start({ profileName: "IAM_USER1" });
  await using _disposed = sts;
  const token = await sts.generateSessionToken({ mfaCode: code() });
  const first = token.AccessKeyId;
  assert(!Deno.inspect(token).includes(token.SecretAccessKey));
  assertEquals(JSON.parse(JSON.stringify(token)).SecretAccessKey, token.SecretAccessKey);
  await sts.generateSessionToken({ mfaCode: code() });
  assert(token.AccessKeyId !== first, "the newer token is shown");
  clock.jump(2 * hour);
  assertThrows(
    () => token.AccessKeyId,
    ExpiredError,
    "Cannot read the session token: it expired at",
  );
  assertThrows(() => JSON.stringify(token), ExpiredError);
});

Deno.test("an expired credential is never returned: reading it says why", async () => {
  const { clock, sts, code } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0]], { mfaCode: code() });
  clock.jump(2 * hour);
  const error = assertThrows(() => set["sts-DynamoDBRole-dev"], ExpiredError);
  assertStringIncludes(error.message, "were not renewed: renewal is off");
  assertEquals(set.usable(), {});
});

Deno.test("a lifetime of five hours is kept: renewed in the background, then halted", async () => {
  const { clock, emulator, sts, code } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials(names, { lifetime: 5, mfaCode: code() });
  const first = set["sts-DynamoDBRole-dev"].AccessKeyId;
  for (let minutes = 0; minutes < 5 * 60 - 2; minutes += 10) {
    await clock.advance(10 * 60_000);
    assertEquals(Object.keys(set.toJSON()).length, 3);
  }
  assert(set["sts-DynamoDBRole-dev"].AccessKeyId !== first);
  assertEquals(emulator.count("GetSessionToken"), 1);
  await clock.advance(hour);
  assertStringIncludes(set.haltReason ?? "", "ended");
  assertEquals(clock.sleeping, 0);
});

Deno.test("generating again halts the earlier set first", async () => {
  const { sts, code } = start();
  await using _disposed = sts;
  const first = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code() });
  const second = await sts.generateCredentials([names[1]], { lifetime: 5 });
  assertEquals(first.haltReason, "newer credentials are generated");
  assertEquals(second.haltReason, undefined);
  assert(Object.is(sts.currentCredentials, second));
});

Deno.test("halt() aborts what is in flight, and StsCore can be used again", async () => {
  const { clock, emulator, sts, code } = start();
  await using _disposed = sts;
  emulator.faults.push({ when: { times: 1 }, effect: { kind: "hang" } });
  const running = sts.generateCredentials(names, { mfaCode: code() });
  await settle();
  sts.halt("enough");
  await assertRejects(() => running, DOMException, "Halted: enough");
  await settle();
  assertEquals(clock.sleeping, 0);
  await sts.generateCredentials(names, { mfaCode: code() });
});

Deno.test("a signal ends a call at once, and later the set that came of it", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  emulator.faults.push({ when: { times: 1 }, effect: { kind: "hang" } });
  const early = new AbortController();
  const running = sts.generateCredentials(names, { mfaCode: code(), signal: early.signal });
  await settle();
  early.abort(new Error("not now"));
  await assertRejects(() => running, Error, "not now");

  const late = new AbortController();
  const set = await sts.generateCredentials(names, {
    lifetime: 5,
    mfaCode: code(),
    signal: late.signal,
  });
  late.abort();
  assertEquals(set.haltReason, "its signal was aborted");
});

Deno.test("a signal that aborts when the last answer has come halts the set", async () => {
  const { clock, system, code } = start();
  const controller = new AbortController();
  const number = () => {
    controller.abort();
    return 0.5;
  };
  // The first thing that is drawn, when all answers are there, is where the set's renewals begin.
  await using sts = new StsCore({ system: { ...system, random: { ...system.random, number } } });
  const { signal } = controller;
  const set = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code(), signal });
  assertEquals(set.haltReason, "its signal was aborted");
  assertEquals(clock.sleeping, 0);
});

Deno.test("of sets that are made at the same time, the one that was asked for last is kept fresh", async () => {
  const { clock, emulator, sts, code } = start();
  const options = { lifetime: 5, mfaCode: code() };
  const [first, second] = await Promise.all([
    sts.generateCredentials(names, options),
    sts.generateCredentials([names[0]], options),
  ]);
  assertEquals(first.haltReason, "newer credentials are generated");
  assertEquals(second.haltReason, undefined);
  assert(Object.is(sts.currentCredentials, second));
  await sts[Symbol.asyncDispose]();
  assertEquals(second.haltReason, "stsaval was disposed");
  const calls = emulator.calls.length;
  await clock.advance(2 * hour);
  assertEquals([emulator.calls.length, clock.sleeping], [calls, 0]);
});

Deno.test("what is disposed is halted, and refuses further work", async () => {
  const { clock, sts, code } = start();
  const set = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code() });
  await sts[Symbol.asyncDispose]();
  assertEquals(set.haltReason, "stsaval was disposed");
  assertEquals(clock.sleeping, 0);
  await assertRejects(() => sts.generateCredentials([names[0]]), UsageError, "has been disposed");
});

Deno.test("lifetimes that cannot be are refused before any call", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  for (const lifetime of [0.1, 37, "5m", "40h", "soon", -1, Infinity, NaN]) {
    await assertRejects(
      () => sts.generateCredentials(names, { lifetime, mfaCode: code() }),
      UsageError,
    );
    await assertRejects(() => sts.generateSessionToken({ lifetime, mfaCode: code() }), UsageError);
  }
  assertEquals(emulator.calls.length, 0);
});

Deno.test("a lifetime without end is kept where no MFA is involved", async () => {
  const config = `[profile free]
role_arn = arn:aws:iam::123456789012:role/Free
source_profile = base
endpoint_url = http://127.0.0.1:4566
[profile base]
`;
  const clock = new VirtualClock();
  const { users: [user] } = sampleWorld();
  if (user === undefined) throw new Error("no user");
  const role = { arn: "arn:aws:iam::123456789012:role/Free", trusts: ["123456789012"] };
  const emulator = createStsEmulator({ clock, world: { users: [user], roles: [role] } });
  const system = fakeSystem({
    clock,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": config,
      "/home/kim/.aws/credentials":
        `[base]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`,
    },
  });
  await using sts = new StsCore({ system });
  const set = await sts.generateCredentials(["free"], { lifetime: Infinity });
  for (let hours = 0; hours < 4; hours++) {
    await clock.advance(hour);
    assertEquals(Object.keys(set.toJSON()), ["sts-free"]);
  }
  assertEquals(emulator.count("GetSessionToken"), 0);
  assertEquals(set.haltReason, undefined);
});

Deno.test("refactor() gives role definitions, makes them usable, and never a secret", async () => {
  const file = `[acme-db-dev]
role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev
mfa_serial = arn:aws:iam::123456789012:mfa/IAM_USER1
source_profile = IAM_USER1
endpoint_url = http://127.0.0.1:4566

[somebody]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;
  const { sts, code } = start({}, { "/home/kim/roles": file });
  await using _disposed = sts;
  const roles = await sts.refactor("~/roles");
  assertEquals(Object.keys(roles), ["acme-db-dev"]);
  assertEquals(
    roles["acme-db-dev"]?.["role_arn"],
    "arn:aws:iam::123456789012:role/DynamoDBRole-dev",
  );
  assert(!JSON.stringify(roles).includes("wJalr"));
  const set = await sts.generateCredentials(["acme-db-dev"], { mfaCode: code() });
  assertEquals(Object.keys(set), ["sts-acme-db-dev"]);
  const profiles = await sts.profiles();
  assert(profiles.some(({ name, file }) => name === "acme-db-dev" && file === "/home/kim/roles"));
});

Deno.test("the original's lines are logged, and no secret with them", async () => {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const logger = { debug: note, info: note, warn: note, error: note };
  const { sts, code } = start({ logger });
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0], names[1]], { mfaCode: code() });
  assert(
    lines.includes(
      "validate: Valid account profile names: ['DynamoDBRole-dev', 'CodeDeployRole-qa']",
    ),
  );
  for (const { SecretAccessKey, SessionToken } of Object.values(set.toJSON())) {
    assert(!lines.some((line) => line.includes(SecretAccessKey) || line.includes(SessionToken)));
  }
});

Deno.test("renewals are logged as in the original: executing, completed, remaining", async () => {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const logger = { debug() {}, info: note, warn: note, error: note };
  const { clock, sts, code } = start({ logger });
  await using _disposed = sts;
  await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code() });
  await clock.advance(hour);
  const [executing, completed, remaining] = lines.filter((line) => line.startsWith("refresh: "));
  assertEquals(executing, 'refresh: executing event: renewal of "DynamoDBRole-dev", attempt 1');
  assertMatch(completed ?? "", /^refresh: completed 1 out of [67] total executions$/);
  assertMatch(remaining ?? "", /^refresh: remaining in cycle: 4 hours(, \d+ minutes?)?$/);
});

Deno.test("what is no list of names is refused as that", async () => {
  const { sts } = start();
  await using _disposed = sts;
  for (
    const [given, found] of [
      ["DynamoDBRole-dev", "string"],
      [[], "an empty list"],
      [[1], "other values"],
      [null, "object"],
    ] as const
  ) {
    await assertRejects(
      // A caller in plain JavaScript has no type checker.
      () => sts.generateCredentials(given as unknown as string[]),
      UsageError,
      `Cannot generate credentials: found ${found}, wanted a list of profile names`,
    );
  }
  await assertRejects(
    () => sts.generateCredentials(names, { mfaCode: (() => undefined) as unknown as () => string }),
    UsageError,
    "found undefined, wanted 6 digits",
  );
});

Deno.test("a profile asked for twice is fetched once", async () => {
  const { emulator, sts, code } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0], names[0]], { mfaCode: code() });
  assertEquals(Object.keys(set), ["sts-DynamoDBRole-dev"]);
  assertEquals(emulator.count("AssumeRole"), 1);
});

Deno.test("the way to other hosts is closed before a code is asked for, and not for what is cached", async () => {
  const { system, code } = start();
  const closed: string[][] = [];
  const network = {
    ...system.network,
    callOnly: (urls: readonly string[]) => void closed.push([...urls]),
  };
  const options: StsCoreOptions = { system: { ...system, network }, cache: "disk" };
  const asked: number[] = [];
  const mfaCode = () => {
    asked.push(closed.length);
    return code();
  };
  await using first = new StsCore(options);
  await first.generateCredentials(names, { mfaCode });
  assertEquals(asked, [1]);
  assertEquals(closed, [["http://127.0.0.1:4566"]]);
  await using second = new StsCore(options);
  await second.generateCredentials(names, { mfaCode });
  assertEquals([asked.length, closed.length], [1, 1]);
});

Deno.test("a host that may not be called is refused, to all roles at once and before any call", async () => {
  const { system, emulator } = start();
  const config = await system.files.readText("/home/kim/.aws/config") ?? "";
  await system.files.replaceText("/home/kim/.aws/config", config.replace(/^mfa_serial.*$/gm, ""));
  let refusals = 0;
  const callOnly = () => {
    throw new UsageError(`Cannot call it: ${++refusals}`);
  };
  const network = { ...system.network, callOnly };
  await using sts = new StsCore({ profileName: "IAM_USER1", system: { ...system, network } });
  for (const refusal of [1, 2]) {
    const error = await assertRejects(() => sts.generateCredentials(names), UsageError);
    assertEquals(error.message, `Cannot call it: ${refusal}`);
  }
  await assertRejects(() => sts.generateSessionToken(), UsageError, "Cannot call it: 3");
  assertEquals(emulator.calls.length, 0);
});

Deno.test("a role from the cache is kept fresh only with a session token that lasts", async () => {
  const { clock, system, code } = start();
  const options: StsCoreOptions = { system, cache: "disk" };
  await using first = new StsCore(options);
  await first.generateCredentials([names[0]], { mfaCode: code() });
  let asked = 0;
  const mfaCode = () => {
    asked++;
    return code();
  };
  await using once = new StsCore(options);
  await once.generateCredentials([names[0]], { keepFresh: false, mfaCode });
  assertEquals(asked, 0);
  await using sts = new StsCore(options);
  const set = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode });
  assertEquals(asked, 1);
  await clock.advance(4 * hour);
  assert(set["sts-DynamoDBRole-dev"].Expiration.getTime() > clock.now());
  assertEquals([asked, set.haltReason], [1, undefined]);
});

Deno.test("a clock that is set back leaves a set with MFA fresh: STS tells the time", async () => {
  const { clock: right, emulator, system, code } = start();
  let behind = 0;
  const clock = { now: () => right.now() - behind, sleep: right.sleep.bind(right) };
  await using sts = new StsCore({ system: { ...system, clock } });
  const set = await sts.generateCredentials(names, { lifetime: 8, mfaCode: code() });
  await right.advance(60_000);
  const calls = emulator.calls.length;
  behind = 5 * hour;
  await right.advance(2 * 60_000);
  const made = emulator.calls.length - calls;
  assert(made > 0 && made < 4, `${made} calls`);
  for (let minute = 0; minute < 6 * 60; minute += 10) {
    assert(set["sts-DynamoDBRole-dev"].Expiration.getTime() > right.now());
    await right.advance(10 * 60_000);
  }
  assertEquals(set.haltReason, undefined);
});

Deno.test("what is in our cache is put where the AWS CLI finds it, once that is asked for", async () => {
  const { system, code } = start();
  const shared = () => [...system.files.contents.keys()].filter((path) => path.includes("/cli/"));
  await using first = new StsCore({ system, cache: "disk" });
  await first.generateCredentials([names[0]], { mfaCode: code() });
  assertEquals(shared(), []);
  await using second = new StsCore({ system, cache: "disk", shareAwsCache: true });
  const credentials = await second.generateCredentials([names[0]]);
  const [path = ""] = shared();
  const text = await system.files.readText(path) ?? "";
  assertStringIncludes(text, credentials["sts-DynamoDBRole-dev"].SessionToken);
  await system.files.replaceText(path, text.replace("ASIA", "ASIX"));
  await second.generateCredentials([names[0]]);
  assertStringIncludes(await system.files.readText(path) ?? "", "ASIX");
});

Deno.test("a call that cannot be planned leaves the set before it as it is", async () => {
  const { sts, code } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials(names, { lifetime: 5, mfaCode: code() });
  await assertRejects(() => sts.generateCredentials(["typo"]), ProfileError);
  await assertRejects(() => sts.generateCredentials(names, { lifetime: 40 }), UsageError);
  assertEquals(set.haltReason, undefined);
  assert(Object.is(sts.currentCredentials, set));
});

Deno.test("a logger that fails stops nothing", async () => {
  const fails = () => {
    throw new Error("the disk of the log is full");
  };
  const logger = { debug: fails, info: fails, warn: fails, error: fails };
  const { clock, sts, code } = start({ logger });
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code() });
  await clock.advance(4 * hour);
  assert(set["sts-DynamoDBRole-dev"].Expiration.getTime() > clock.now());
  assertEquals(set.haltReason, undefined);
});

Deno.test("explain() wants a list of names as well", async () => {
  const { sts } = start();
  await using _disposed = sts;
  for (const names of ["dev", undefined, [1]]) {
    const asked = () => sts.explain(names as unknown as string[]);
    await assertRejects(asked, UsageError, "wanted a list of profile names");
  }
});

Deno.test("a token request whose endpoint cannot be used leaves the renewals of a set alone", async () => {
  const { clock, sts, system, code } = start({ profileName: "IAM_USER1" });
  await using _disposed = sts;
  const set = await sts.generateCredentials([names[0]], { lifetime: 5, mfaCode: code() });
  const path = "/home/kim/.aws/config";
  const config = await system.files.readText(path) ?? "";
  await system.files.replaceText(path, config.replace(/(endpoint_url = ).*/, "$1ftp://x"));
  await assertRejects(() => sts.generateSessionToken({ mfaCode: code() }), UsageError, "endpoint");
  await clock.advance(4 * hour);
  assert(set["sts-DynamoDBRole-dev"].Expiration.getTime() > clock.now());
});

Deno.test("nobody is asked for a code where the role's own endpoint cannot be used", async () => {
  const { sts, system } = start();
  await using _disposed = sts;
  const path = "/home/kim/.aws/config";
  const config = await system.files.readText(path) ?? "";
  const [user = "", role = "", ...others] = config.split("\n\n");
  const broken = role.replace(/(endpoint_url = ).*/, "$1ftp://x");
  await system.files.replaceText(path, [user, broken, ...others].join("\n\n"));
  const mfaCode = () => {
    throw new Error("asked for a code");
  };
  await assertRejects(
    () => sts.generateCredentials([names[0]], { mfaCode }),
    UsageError,
    "ftp://x",
  );
});
