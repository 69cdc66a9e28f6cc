import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Credentials, MfaError, ProfileError, StsCore, StsError } from "../../mod.ts";
import { silentLogger } from "../../src/logger.ts";
import type { CredentialPlan, RoleStep, SessionStep } from "../../src/plan.ts";
import { createMfaSource, type TypedMfaCode } from "../../src/session/mfa.ts";
import { BaseCredentials } from "../../src/session/base_credentials.ts";
import { Provider } from "../../src/session/provider.ts";
import type { SharedCall } from "../../src/cache/plan_cache.ts";
import {
  createStsEmulator,
  type EmulatorRole,
  type EmulatorUser,
  userArn,
} from "../../src/testing/mod.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { credentialsFor, start as start2026 } from "./fixtures.ts";
import { settle } from "../settle.ts";

const hour = 3_600_000;
const account = "123456789012";

function user(name: string): EmulatorUser {
  return {
    name,
    account,
    accessKeyId: `AKIA${name.toUpperCase().padEnd(16, "0")}`,
    secretAccessKey: `${name}'s secret`,
    mfa: {
      serial: `arn:aws:iam::${account}:mfa/${name}`,
      secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    },
  };
}

const [kim, lee] = [user("kim"), user("lee")];

function role(name: string, options: Partial<EmulatorRole> = {}): EmulatorRole {
  return { arn: `arn:aws:iam::${account}:role/${name}`, trusts: [account], ...options };
}

const roles = [
  role("KimA", { trusts: [userArn(kim)], requireMfa: true }),
  role("KimB", { trusts: [userArn(kim)], requireMfa: true }),
  role("LeeA", { trusts: [userArn(lee)], requireMfa: true }),
  role("Long", { requireMfa: true, maxSessionDuration: 43_200 }),
  role("First", { requireMfa: true }),
  role("Second", { trusts: [`arn:aws:iam::${account}:role/First`] }),
  role("Third", { trusts: [`arn:aws:iam::${account}:role/Second`] }),
  role("Free"),
];

const config = `[default]
endpoint_url = http://127.0.0.1:4566
${
  roles.map(({ arn, requireMfa, trusts: [trusted = ""] }) => {
    const name = arn.slice(arn.lastIndexOf("/") + 1);
    const source = trusted.includes(":role/") ? trusted.slice(trusted.lastIndexOf("/") + 1) : "";
    const base = name.startsWith("Lee") ? lee : kim;
    return `[profile ${name}]
role_arn = ${arn}
source_profile = ${source === "" ? base.name : source}
${requireMfa ? `mfa_serial = ${base.mfa?.serial}` : ""}
`;
  }).join("")
}`;

const credentials = [kim, lee].map((owner) =>
  `[${owner.name}]
aws_access_key_id = ${owner.accessKeyId}
aws_secret_access_key = ${owner.secretAccessKey}
`
).join("");

/** A StsCore over an emulator that knows two users and the roles, with more in the files or in the environment. */
function start({ env = {}, more = "" }: {
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: string;
} = {}) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: { users: [kim, lee], roles } });
  const system = fakeSystem({
    clock,
    env: { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:4566", ...env },
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": `${config}${more}`,
      "/home/kim/.aws/credentials": credentials,
    },
  });
  const asked: string[] = [];
  const mfaCode = (serial: string) => {
    asked.push(serial);
    return emulator.mfaCode(serial);
  };
  return { emulator, asked, mfaCode, clock, system, sts: new StsCore({ system }) };
}

Deno.test("two users with a device each: each device is asked for once, and each user has a session token", async () => {
  const { emulator, asked, mfaCode, sts } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials(["KimA", "LeeA", "KimB"], { mfaCode });
  assertEquals(Object.keys(set), ["sts-KimA", "sts-LeeA", "sts-KimB"]);
  assertEquals(asked.sort(), [kim.mfa?.serial, lee.mfa?.serial]);
  assertEquals(emulator.count("GetSessionToken", "ok"), 2);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("a chain of roles: each is assumed with the credentials of the one before it", async () => {
  const { emulator, mfaCode, sts } = start();
  await using _disposed = sts;
  const set = await sts.generateCredentials(["Third"], { mfaCode });
  const calls = emulator.calls.map(({ operation, accessKeyId }) =>
    `${operation} as ${emulator.identityOf(accessKeyId)?.arn.replace(/.*:/, "")}`
  );
  assertEquals(calls, [
    "GetSessionToken as user/kim",
    "AssumeRole as user/kim",
    "AssumeRole as assumed-role/First/sts-First",
    "AssumeRole as assumed-role/Second/sts-Second",
  ]);
  const { AccessKeyId } = set["sts-Third"];
  assertStringIncludes(emulator.identityOf(AccessKeyId)?.arn ?? "", "assumed-role/Third/");
});

Deno.test("two chains through one role: it is assumed once for both", async () => {
  const { emulator, mfaCode, sts } = start({
    more: `[profile Other]
role_arn = arn:aws:iam::${account}:role/Second
source_profile = First
role_session_name = other
`,
  });
  await using _disposed = sts;
  await sts.generateCredentials(["Second", "Other"], { mfaCode });
  const assumed = emulator.calls.filter(({ roleArn }) => roleArn?.endsWith("/First"));
  assertEquals(assumed.length, 1);
});

Deno.test("one role for more than an hour is assumed with the code itself, and lives that long", async () => {
  const { emulator, asked, mfaCode, sts } = start({
    more: `[profile LongShift]
role_arn = arn:aws:iam::${account}:role/Long
source_profile = kim
mfa_serial = ${kim.mfa?.serial}
duration_seconds = 28800
`,
  });
  await using _disposed = sts;
  const set = await sts.generateCredentials(["LongShift"], { mfaCode });
  const { Expiration, StartTime } = set["sts-LongShift"];
  assertEquals(Expiration.getTime() - StartTime.getTime(), 8 * hour);
  assertEquals(emulator.count("GetSessionToken"), 0);
  assertEquals(asked, [kim.mfa?.serial]);
});

Deno.test("keys of the environment have a session token too, without a profile", async () => {
  const { emulator, sts } = start({
    env: { AWS_ACCESS_KEY_ID: lee.accessKeyId, AWS_SECRET_ACCESS_KEY: lee.secretAccessKey },
  });
  await using _disposed = sts;
  const token = await sts.generateSessionToken();
  assertEquals(token.profile, "environment");
  assertEquals(emulator.identityOf(token.AccessKeyId)?.arn, userArn(lee));
});

for (const behindMs of [0, 5 * 60_000, 3 * hour]) {
  Deno.test(`what is kept on disk serves the next program, with a clock ${behindMs / 60_000} minutes behind STS's`, async () => {
    const { emulator, mfaCode, system } = start();
    emulator.faults.push({ effect: { kind: "skew", ms: behindMs } });
    await using first = new StsCore({ system, cache: "disk" });
    const { AccessKeyId } =
      (await first.generateCredentials(["Free"], { lifetime: 1, mfaCode }))["sts-Free"];
    await using second = new StsCore({ system, cache: "disk" });
    const set = await second.generateCredentials(["Free"], { lifetime: 1 });
    assertEquals(set["sts-Free"].AccessKeyId, AccessKeyId);
    system.clock.jump(hour);
    assertEquals(set.usable(), {}, "it is ended by STS's clock");
  });
}

const session: SessionStep = {
  kind: "get-session-token",
  durationSeconds: 7_200,
  endpoint: {},
  reason: "",
};

function planOf(parts: Partial<CredentialPlan>): CredentialPlan {
  return {
    profile: "p",
    base: { kind: "static-keys", profile: "kim", keys: kim, reason: "" },
    session,
    roles: [],
    notices: [],
    ...parts,
  };
}

function roleStep(name: string): RoleStep {
  return {
    kind: "assume-role",
    profile: name,
    roleArn: `arn:aws:iam::${account}:role/${name}`,
    roleSessionName: `sts-${name}`,
    durationSeconds: 3_600,
    endpoint: {},
    reason: "",
  };
}

/** A provider over the emulator's service; nothing here asks for a code unless it is given. */
function startProvider(code?: string) {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: { users: [kim], roles } });
  const ports = {
    sts: { ...emulator.service, skewMs: () => 0 },
    now: () => clock.now(),
    logger: silentLogger,
  };
  const provider = new Provider({
    ...ports,
    base: new BaseCredentials({ ...ports, system: fakeSystem() }),
    awsCliCache: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() },
  });
  const options = { mfa: createMfaSource(code), signal: new AbortController().signal };
  return { clock, emulator, provider, options };
}

Deno.test({
  name: "carryOut() keeps a session token while it is fresh, and gets another when it is not",
  permissions: "none",
  async fn() {
    const { clock, emulator, provider, options } = startProvider();
    const plan = planOf({});
    const first = await provider.carryOut(plan, options);
    assert(Object.is(await provider.carryOut(plan, options), first));
    assert(Object.is(provider.sessionOf(plan), first));
    clock.jump(2 * hour - 60_000);
    assert(!Object.is(await provider.carryOut(plan, options), first));
    const otherDevice = { ...session, mfaSerial: "arn:aws:iam::123456789012:mfa/other" };
    assertEquals(provider.sessionOf(planOf({ session: otherDevice })), undefined);
    provider.forget();
    assertEquals(provider.sessionOf(plan), undefined);
    assertEquals(emulator.count("GetSessionToken", "ok"), 2);
  },
});

Deno.test({
  name:
    "a session token serves its user, its device, its endpoint and its partition, in any region",
  permissions: "none",
  async fn() {
    const { emulator, provider, options } = startProvider();
    const of = (parts: Partial<SessionStep>) => planOf({ session: { ...session, ...parts } });
    const plan = of({ endpoint: { region: "eu-west-1", partition: "aws" } });
    const made = await provider.carryOut(plan, options);
    const others = [
      of({ endpoint: { region: "eu-west-1", partition: "aws-cn" } }),
      of({ endpoint: { region: "eu-west-1", partition: "aws", endpointUrl: "https://x.example" } }),
      of({ endpoint: { region: "eu-west-1", partition: "aws" }, mfaSerial: "GAHT12345678" }),
    ];
    for (const other of others) assertEquals(provider.sessionOf(other), undefined);
    const same = of({ endpoint: { region: "us-east-1", partition: "aws" }, reason: "other" });
    assert(Object.is(provider.sessionOf(same), made));
    assert(Object.is(await provider.carryOut(same, options), made));
    const [first, second] = others;
    assert(first && second);
    assert(!Object.is(await provider.carryOut(first, options), made));
    assert(!Object.is(await provider.carryOut(second, options), made));
    assertEquals(emulator.count("GetSessionToken", "ok"), 3);
  },
});

Deno.test({
  name: "renew() gets a session token anew in the background where no code is needed",
  permissions: "none",
  async fn() {
    const { clock, emulator, provider, options } = startProvider();
    const free = planOf({ roles: [roleStep("Free")] });
    await provider.renew(free, options);
    await provider.renew(free, options);
    assertEquals(emulator.count("GetSessionToken", "ok"), 1, "it is fresh still");
    clock.jump(2 * hour - 60_000);
    await provider.renew(free, options);
    assertEquals(emulator.count("GetSessionToken", "ok"), 2);
    assertEquals(emulator.count("AssumeRole", "ok"), 3);
  },
});

Deno.test({
  name: "renew() uses a session token that took a code up to its end, and asks nobody",
  permissions: "none",
  async fn() {
    const { clock, emulator, provider, options } = startProvider();
    const serial = kim.mfa?.serial ?? "";
    const plan = planOf({ session: { ...session, mfaSerial: serial } });
    const mfa = createMfaSource(emulator.mfaCode(serial));
    await provider.carryOut(plan, { ...options, mfa });
    clock.jump(2 * hour - 60_000);
    const withRole = { ...plan, roles: [roleStep("KimA")] };
    await provider.renew(withRole, options);
    assertEquals(emulator.count("GetSessionToken", "ok"), 1);
    clock.jump(60_000);
    await assertRejects(() => provider.renew(withRole, options), MfaError, "none was given");
  },
});

Deno.test({
  name: "carryOut() refuses a plan that leads to nothing",
  permissions: "none",
  async fn() {
    const { provider, options } = startProvider();
    const { session: _session, ...bare } = planOf({});
    await assertRejects(() => provider.carryOut(bare, options), ProfileError, "it names no role");
    assertEquals(provider.sessionOf(bare), undefined);
  },
});

/** A provider over the AWS CLI's cache, which has `theirs`, and what is put into it. */
function besideAwsCli(theirs?: Credentials) {
  const started = startProvider();
  const put: unknown[] = [];
  let asked = 0;
  const ports = {
    sts: { ...started.emulator.service, skewMs: () => 0 },
    now: () => started.clock.now(),
    logger: silentLogger,
  };
  const provider = new Provider({
    ...ports,
    base: new BaseCredentials({ ...ports, system: fakeSystem() }),
    awsCliCache: {
      get: () => Promise.resolve((asked++, theirs)),
      async put(role, made, origin) {
        await Promise.resolve();
        put.push(["roleArn" in role ? role.roleArn : undefined, made.AccessKeyId, origin]);
      },
    },
  });
  const awsCli = { roleArn: `arn:aws:iam::${account}:role/Free` };
  const plan = planOf({ roles: [{ ...roleStep("Free"), awsCli }] });
  const mark = { id: "log", last: 3 };
  return {
    ...started,
    provider,
    plan,
    put,
    asked: () => asked,
    options: { ...started.options, mark },
  };
}

Deno.test({
  name: "a role that is shared with the AWS CLI is put there as it was made, and taken from there",
  permissions: "none",
  async fn() {
    const own = besideAwsCli();
    const made = await own.provider.carryOut(own.plan, own.options);
    const origin = { profile: "Free", mark: own.options.mark };
    assertEquals(own.put, [[own.plan.roles[0]?.roleArn, made.AccessKeyId, origin]]);
    const theirs = besideAwsCli(made);
    assert(Object.is(await theirs.provider.carryOut(theirs.plan, theirs.options), made));
    assertEquals([theirs.put, theirs.emulator.calls.length], [[], 0]);
    await theirs.provider.carryOut(theirs.plan, { ...theirs.options, renew: true });
    assertEquals([theirs.put.length, theirs.emulator.count("AssumeRole", "ok")], [1, 1]);
    const plain = besideAwsCli(made);
    await plain.provider.carryOut(planOf({ roles: [roleStep("Free")] }), plain.options);
    assertEquals([plain.put, plain.asked()], [[], 0]);
  },
});

Deno.test({
  name: "a code that is refused is asked for anew, and the new one is sent, until there is no more",
  permissions: "none",
  async fn() {
    const sent: unknown[] = [];
    const text =
      "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code";
    const refusal = new StsError(text, { operation: "GetSessionToken", awsCode: "AccessDenied" });
    const { emulator, options } = startProvider();
    const ports = {
      sts: {
        ...emulator.service,
        skewMs: () => 0,
        getSessionToken({ mfa }: { readonly mfa?: { readonly code: string } | undefined }) {
          sent.push(mfa?.code);
          return mfa?.code === "333333"
            ? Promise.resolve(credentialsFor(7_200))
            : Promise.reject(refusal);
        },
      },
      now: () => start2026,
      logger: silentLogger,
    };
    const provider = new Provider({
      ...ports,
      base: new BaseCredentials({ ...ports, system: fakeSystem() }),
      awsCliCache: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() },
    });
    const plan = planOf({ session: { ...session, mfaSerial: kim.mfa?.serial ?? "" } });
    const refused: unknown[] = [];
    const mfaOf = (codes: string[]) => {
      const next = (): TypedMfaCode => ({
        code: codes.shift() ?? "",
        onRefused(error) {
          refused.push(error);
          return Promise.resolve(codes.length > 0 ? next() : undefined);
        },
      });
      return createMfaSource(next);
    };
    const made = await provider.carryOut(plan, {
      ...options,
      mfa: mfaOf(["111111", "222222", "333333"]),
    });
    assertEquals([sent, refused], [["111111", "222222", "333333"], [refusal, refusal]]);
    assertEquals(made, credentialsFor(7_200));
    provider.forget();
    const failed = provider.carryOut(plan, { ...options, mfa: mfaOf(["444444", "555555"]) });
    assertEquals(await failed.catch((error: unknown) => error), refusal);
    assertEquals([sent.slice(3), refused.length], [["444444", "555555"], 4]);
  },
});

Deno.test({
  name: "where no code can be had, the session token that there is serves, unless it must be new",
  permissions: "none",
  async fn() {
    const { emulator, provider, options } = startProvider();
    const serial = kim.mfa?.serial ?? "";
    const plan = planOf({ session: { ...session, mfaSerial: serial } });
    const mfa = createMfaSource(emulator.mfaCode(serial));
    const made = await provider.carryOut(plan, { ...options, mfa });
    const longer = planOf({ session: { ...session, mfaSerial: serial, requiredSeconds: 129_600 } });
    assert(Object.is(await provider.carryOut(longer, options), made));
    for (const more of [{ renew: true }, { inBackground: true }]) {
      const work = () => provider.carryOut(longer, { ...options, ...more });
      if ("renew" in more) await assertRejects(work, MfaError, "none was given");
      else assert(Object.is(await work(), made), "in the background it is used to its end");
    }
    await assertRejects(
      () =>
        provider.carryOut(planOf({ session: { ...session, mfaSerial: "GAHT12345678" } }), options),
      MfaError,
    );
  },
});

Deno.test({
  name:
    "plans of one batch share a session token that is under way, even where each wants a new one",
  permissions: "none",
  async fn() {
    const { emulator, provider, options } = startProvider();
    const sessions = new Map();
    const plans = [planOf({}), planOf({ roles: [roleStep("Free")] }), planOf({})];
    await Promise.all(
      plans.map((plan) => provider.carryOut(plan, { ...options, sessions, renew: true })),
    );
    for (const plan of plans) await provider.carryOut(plan, { ...options, sessions, renew: true });
    assertEquals(emulator.count("GetSessionToken"), 1);
    await provider.carryOut(planOf({}), { ...options, renew: true });
    assertEquals(emulator.count("GetSessionToken"), 2);
  },
});

Deno.test("a role is asked for while the disk takes the session token, which is kept before a failure is told", async () => {
  const { emulator, mfaCode, clock, system } = start();
  const flushed = Promise.withResolvers<void>();
  const { files } = system;
  const replaceText = files.replaceText.bind(files);
  files.replaceText = async (...parts) => {
    if (parts[1].includes("GetSessionToken")) await flushed.promise;
    await replaceText(...parts);
  };
  emulator.faults.push({ when: { operation: "AssumeRole" }, effect: { kind: "forbid" } });
  const sts = new StsCore({ system, cache: "disk" });
  let told = false;
  const failed = assertRejects(() => sts.generateCredentials(["KimA"], { mfaCode }), StsError)
    .then(() => void (told = true));
  await settle();
  assertEquals([emulator.count("AssumeRole"), told], [1, false]);
  flushed.resolve();
  await clock.runUntil(failed);
  await sts[Symbol.asyncDispose]();
  const again = new StsCore({ system, cache: "disk" });
  await again.generateCredentials(["KimA"]).catch(() => {});
  assertEquals(emulator.count("GetSessionToken"), 1);
  await again[Symbol.asyncDispose]();
});

Deno.test({
  name: "a session token that cannot be kept is told, and stops neither its role nor a later call",
  permissions: "none",
  async fn() {
    const clock = new VirtualClock();
    const emulator = createStsEmulator({ clock, world: { users: [kim], roles } });
    const told: string[] = [];
    const ports = {
      sts: { ...emulator.service, skewMs: () => 0 },
      now: () => clock.now(),
      logger: { ...silentLogger, warn: (line: string) => void told.push(line) },
      cache: {
        async share({ fetch, keeping }: SharedCall) {
          const made = await fetch();
          keeping?.(Promise.reject(new Error("no room")));
          return made;
        },
      },
    };
    const provider = new Provider({
      ...ports,
      base: new BaseCredentials({ ...ports, system: fakeSystem() }),
      awsCliCache: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() },
    });
    const options = {
      mfa: createMfaSource((serial) => emulator.mfaCode(serial)),
      signal: new AbortController().signal,
    };
    for (const name of ["Free", "Free"]) {
      const made = await provider.carryOut(planOf({ roles: [roleStep(name)] }), options);
      assertEquals(emulator.identityOf(made.AccessKeyId)?.arn.includes(name), true);
    }
    assertEquals(emulator.count("GetSessionToken", "ok"), 1);
    assertEquals(told, [
      `getSessionToken: the session token of profile "kim" is not kept on disk: no room`,
    ]);
  },
});
