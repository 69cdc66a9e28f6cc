/**
 * What `StsCore` tells and keeps: the modules of its log lines, what halts, what is forgotten, and which clock counts.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ProfileError, StsCore, type StsCoreOptions, UsageError } from "../../mod.ts";
import { InterruptedError } from "../../src/errors.ts";
import type { Logger } from "../../src/logger.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import type { Progress } from "../../src/progress.ts";
import { FakeKeeper } from "../cache/sealing/fake_keeper.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";

const names = ["DynamoDBRole-dev", "CodeDeployRole-qa"] as const;
const hour = 3_600_000;
const cacheFolder = "/home/kim/.aws/stsaval/";

/** Keeps each line with the module that it comes from. */
function keeper() {
  const lines: string[] = [];
  const of = (module: string): Logger => ({
    debug: (text) => void lines.push(`debug ${module}: ${text}`),
    info: (text) => void lines.push(`info ${module}: ${text}`),
    warn: (text) => void lines.push(`warn ${module}: ${text}`),
    error: (text) => void lines.push(`error ${module}: ${text}`),
    forModule: (name) => of(name),
  });
  return { lines, logger: of("-") };
}

function start(options: StsCoreOptions = {}, more = "", env: Record<string, string> = {}) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: sampleWorld(5) });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const system = fakeSystem({
    clock,
    env,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": `${home.config}${more}`,
      "/home/kim/.aws/credentials": home.credentials,
    },
  });
  const { lines, logger } = keeper();
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  const code = () => {
    clock.jump(31_000);
    return emulator.mfaCode(serial);
  };
  const sts = new StsCore({ logger, ...options, system });
  return { clock, emulator, system, code, serial, lines, logger, sts };
}

Deno.test("each line names the module that it comes from", async () => {
  const { sts, code, lines, clock, system } = start(
    { cache: "disk" },
    "\n[profile Odd]\nregion = eu-west-1\nrole_arm = x\n",
  );
  system.files.said.set("/home/kim/.aws/stsaval", { mode: 0o755 });
  await sts.generateCredentials(names, { mfaCode: code(), lifetime: 5 });
  await sts.generateSessionToken({ profileName: "IAM_USER1", mfaCode: code() } as never)
    .catch(() => {});
  await clock.advance(hour);
  const modules = new Set(lines.map((line) => line.replace(/^\w+ ([^:]*):.*/s, "$1")));
  for (const module of ["core", "refresher", "cache"]) assert(modules.has(module), module);
  assertEquals([modules.has("-"), modules.has("")], [false, false], [...modules].join());
  assert(lines.some((line) => line.startsWith("info core: validate: Valid account profile names")));
  await sts[Symbol.asyncDispose]();
});

Deno.test("who asks for a code in two places can end the other one once the code was used", async () => {
  const { sts, code } = start();
  let other: AbortSignal | undefined;
  await sts.generateCredentials(names, {
    mfaCode: (_serial, { signal }) => {
      other = signal;
      return code();
    },
  });
  assertEquals(other?.aborted, true);
  await sts[Symbol.asyncDispose]();
});

Deno.test("the keepers of the cache's key are asked, and what they keep opens the cache again", async () => {
  const keeper = new FakeKeeper();
  const options = { cache: "disk", cacheKeys: keeper, sealCache: true } as const;
  const { sts, code, lines, system, emulator } = start(options);
  await sts.generateCredentials(names, { mfaCode: code() });
  await sts[Symbol.asyncDispose]();
  assert(keeper.asked.includes("store"));
  const texts = [...system.files.contents].filter(([path]) => path.startsWith(cacheFolder));
  assert(texts.some(([, text]) => String(text).includes('"sealed"')));
  for (const [, text] of texts) assert(!String(text).includes('"SessionToken"'));
  assertEquals(lines.filter((line) => line.startsWith("warn")), []);
  const calls = emulator.calls.length;
  keeper.asked.length = 0;
  const again = new StsCore({ ...options, system });
  await again.generateCredentials(names);
  assertEquals([emulator.calls.length, keeper.asked], [calls, ["load"]]);
  await again[Symbol.asyncDispose]();
});

Deno.test("calls, and locks of other processes, are among what progress waits for", async () => {
  const waits = new Set<string>();
  const onProgress = (progress: Progress | undefined) => {
    for (const { kind } of progress?.waits ?? []) waits.add(kind);
  };
  const { sts, code, system, clock } = start({ cache: "disk", onProgress });
  await sts.generateCredentials([names[0]], { mfaCode: code() });
  assertEquals([...waits], ["call"]);
  waits.clear();
  const entries = [...system.files.contents.keys()].filter((path) => path.endsWith(".json"));
  const lock = entries.at(-1)?.replace(/json$/, "lock") ?? "";
  const held = await system.files.lock(lock, "asks for a code");
  const flight = sts.generateCredentials([names[0]], { mfaCode: code(), renew: true });
  await settle();
  await clock.advance(5_000);
  assert(waits.has("lock"));
  held[Symbol.dispose]();
  await clock.advance(5_000);
  await flight;
  await sts[Symbol.asyncDispose]();
});

Deno.test("warnings and notices of the profiles that are used are logged, each with its module", async () => {
  const odd = `
[profile Odd]
role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev
source_profile = IAM_USER1
role_arm = x
`;
  const { sts, lines } = start({}, odd);
  await assertRejects(() => sts.generateCredentials(["Odd"]));
  const found = lines.filter((line) => line.includes("role_arm"));
  assertEquals(found.map((line) => line.slice(0, line.indexOf(":"))), ["warn config"]);
  await sts[Symbol.asyncDispose]();
});

Deno.test("disposal forgets every session token: a first token shows its own values again", async () => {
  const { sts, code } = start({ profileName: "IAM_USER1" });
  const first = await sts.generateSessionToken({ mfaCode: code() });
  const own = first.AccessKeyId;
  const second = await sts.generateSessionToken({ mfaCode: code() });
  assertEquals(first.AccessKeyId, second.AccessKeyId);
  assert(second.AccessKeyId !== own);
  await sts[Symbol.asyncDispose]();
  assertEquals(first.AccessKeyId, own);
});

Deno.test("disposal waits until the set has stopped, and says why it was halted", async () => {
  const { sts, code, clock } = start();
  const set = await sts.generateCredentials(names, { mfaCode: code(), lifetime: 5 });
  assert(clock.sleeping > 0);
  await sts[Symbol.asyncDispose]();
  assertEquals([set.haltReason, clock.sleeping], ["stsaval was disposed", 0]);
  const error = await assertRejects(() => sts.generateCredentials(names), UsageError);
  assertEquals(error.message, "Cannot use this StsCore: it has been disposed");
});

Deno.test("halt() says why, to the set and to what is in flight", async () => {
  for (const [given, reason] of [[undefined, "halt was called"], ["enough", "enough"]] as const) {
    const { sts, code, clock } = start({ profileName: "IAM_USER1" });
    const set = await sts.generateCredentials(names, { mfaCode: code(), lifetime: 5 });
    const flight = sts.generateCredentials(names, {
      mfaCode: () => new Promise<string>(() => {}),
      renew: true,
    });
    const token = sts.generateSessionToken({ mfaCode: () => new Promise<string>(() => {}) });
    const ends = Promise.allSettled([flight, token]);
    await settle();
    sts.halt(given);
    const [, ended] = await ends;
    assert(ended?.status === "rejected");
    assertInstanceOf(ended.reason, DOMException);
    assertEquals([ended.reason.name, ended.reason.message], ["AbortError", `Halted: ${reason}`]);
    await settle();
    assertEquals(clock.sleeping, 0);
    assert(set.haltReason !== undefined);
    await sts[Symbol.asyncDispose]();
  }
});

Deno.test("a signal halts the set once, and a halted set leaves it", async () => {
  for (
    const [cause, reason] of [
      [new Error("mine"), "its signal was aborted"],
      [new InterruptedError("SIGTERM"), new InterruptedError("SIGTERM").message.toLowerCase()],
    ] as const
  ) {
    const { sts, code } = start();
    const controller = new AbortController();
    const { signal } = controller;
    const set = await sts.generateCredentials(names, { mfaCode: code(), lifetime: 5, signal });
    controller.abort(cause);
    assertEquals(set.haltReason, reason);
    await sts[Symbol.asyncDispose]();
  }
});

Deno.test("newer credentials halt the older set before anything is asked, and say so", async () => {
  const { sts, code, clock } = start();
  const first = await sts.generateCredentials(names, { mfaCode: code(), lifetime: 5 });
  const reasons: unknown[] = [];
  first.addEventListener("halt", ({ reason }) => void reasons.push(reason));
  const second = await sts.generateCredentials([names[0]], { keepFresh: true });
  assertEquals([first.haltReason, reasons.length], ["newer credentials are generated", 1]);
  assertEquals(second.haltReason, undefined);
  assert(Object.is(sts.currentCredentials, second));
  const [one, two] = await Promise.all([
    sts.generateCredentials([names[0]], { keepFresh: true, renew: true, mfaCode: code }),
    sts.generateCredentials([names[1]], { keepFresh: true, renew: true, mfaCode: code }),
  ]);
  assertEquals([one.haltReason, two.haltReason], ["newer credentials are generated", undefined]);
  await sts[Symbol.asyncDispose]();
  assertEquals(clock.sleeping, 0);
});

Deno.test("explain() names every profile that cannot be used, and plans those that can", async () => {
  const { sts, emulator } = start();
  const { plans } = await sts.explain(names);
  assertEquals(plans.length, 2);
  const error = await assertRejects(() => sts.explain([names[0], "nothing"]), ProfileError);
  assertEquals(error.problems.map(({ profile }) => profile), ["nothing"]);
  const usage = await assertRejects(() => sts.explain([]), UsageError);
  assertEquals(
    usage.message,
    "Cannot explain: found an empty list, wanted a list of profile names",
  );
  assertEquals(emulator.calls.length, 0);
  await sts[Symbol.asyncDispose]();
});

Deno.test("the code's function is told which profiles wait for it, and no others", async () => {
  const plain = `
[profile Plain]
role_arn = arn:aws:iam::123456789012:role/Plain
source_profile = Keys
[profile Keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;
  const { sts, code, serial } = start({}, plain);
  const told: unknown[] = [];
  await sts.generateCredentials([...names, "Plain"], {
    strict: false,
    mfaCode: (device, { profiles }) => {
      told.push(device, profiles);
      return code();
    },
  });
  assertEquals(told, [serial, [...names]]);
  await sts[Symbol.asyncDispose]();
});

Deno.test("a bundle of certificates of a profile is read before its first call, for tokens too", async () => {
  const bundle = `
[profile Bundled]
role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev
source_profile = IAM_USER1
ca_bundle = /none.pem
`;
  const { sts, emulator, system } = start({ profileName: "Bundled" }, bundle);
  await assertRejects(() => sts.generateCredentials(["Bundled"]), UsageError, '"/none.pem"');
  system.files.contents.set(
    "/home/kim/.aws/credentials",
    (system.files.contents
      .get("/home/kim/.aws/credentials") as string).replace(
        "[IAM_USER1]",
        "[IAM_USER1]\nca_bundle = /none.pem",
      ),
  );
  const token = new StsCore({ system, profileName: "IAM_USER1" });
  await assertRejects(
    () => token.generateSessionToken({ mfaCode: "123456" }),
    UsageError,
    '"/none.pem"',
  );
  assertEquals(emulator.calls.length, 0);
  await sts[Symbol.asyncDispose]();
  await token[Symbol.asyncDispose]();
});

Deno.test("without a cache nothing is written; with one, a logout keeps out what began before it", async () => {
  const { sts, code, system } = start();
  const before = system.files.contents.size;
  await sts.generateCredentials(names, { mfaCode: code() });
  assertEquals(system.files.contents.size, before);
  await sts[Symbol.asyncDispose]();
});
