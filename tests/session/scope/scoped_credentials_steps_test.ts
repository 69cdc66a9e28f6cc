/**
 * One scoped copy at a time: what it is made of, when a newer session is made for it, and how long it lives.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { SharedCall } from "../../../src/cache/plan_cache.ts";
import { Credentials } from "../../../src/credentials.ts";
import { ProfileError, StsavalError } from "../../../src/errors.ts";
import type { CredentialPlan, ScopeStep, SourceStep } from "../../../src/plan.ts";
import type { CarryOutOptions } from "../../../src/session/carry_out.ts";
import { needsCode, ScopedCredentials } from "../../../src/session/scope/scoped_credentials.ts";
import { base, credentialsFor, role, session, start } from "../fixtures.ts";

const scope: ScopeStep = {
  ...{
    kind: "get-scoped-credentials",
    profile: "deploy",
    policy: "{}",
    reason: "it was asked for",
  },
  ...{ endpoint: { region: "eu-west-1" }, description: "a build" },
};
const { mfaSerial: _serial, ...free } = session;
const open: CredentialPlan = {
  ...{ profile: "deploy", base, session: free, roles: [role], notices: [] },
};
const bound: CredentialPlan = { ...open, roles: [{ ...role, mfaSerial: "arn:mfa" }] };

interface Setup {
  /** What the plan leads to without its scope, one after the other; an error is thrown. */
  readonly wider: readonly (Credentials | Error)[];
  readonly disk?: boolean;
}

function setUp({ wider, disk = false }: Setup) {
  let now = start;
  const left = [...wider];
  const events: string[] = [];
  const sent: Record<string, unknown>[] = [];
  const shared: SharedCall[] = [];
  const say = (level: string) => (line: string) => void events.push(`${level} ${line}`);
  const copies = new ScopedCredentials({
    sts: {
      getScopedCredentials(call) {
        events.push("copy");
        sent.push({ ...call });
        return Promise.resolve(credentialsFor(call.durationSeconds ?? 3_600, now - start));
      },
    },
    now: () => now,
    logger: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
    ...(disk
      ? {
        cache: {
          share: (call: SharedCall) => {
            shared.push(call);
            return call.fetch();
          },
        },
      }
      : {}),
    cached: async (step) => {
      await Promise.resolve();
      return { ...step, profile: "cached" };
    },
    reach(_plan, { renew }) {
      events.push(renew ? "reach anew" : "reach");
      const next = left.shift();
      if (next === undefined) throw new Error("no more");
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    markOf: () => ({ id: "log", last: 1 }),
  });
  const options = {
    signal: new AbortController().signal,
    beforeCall: ({ region }: { readonly region?: string }) => void events.push(`to ${region}`),
    turn: async () => {
      await Promise.resolve();
      events.push("turn");
    },
  } as never as CarryOutOptions;
  const get = (plan: CredentialPlan, step: ScopeStep, more: Partial<CarryOutOptions> = {}) =>
    copies.get(plan, step, { ...options, ...more });
  return { copies, events, sent, shared, get, jump: (ms: number) => void (now += ms) };
}

const of = (durationSeconds: number): ScopeStep => ({ ...scope, durationSeconds });

Deno.test("a copy is made in its turn with the session's keys, and counts as old as that", async () => {
  const wider = credentialsFor(3_600);
  const { get, events, sent, copies, jump } = setUp({ wider: [wider] });
  jump(60_000);
  const made = await get(open, scope);
  assertEquals(events, [
    ...["reach", "to eu-west-1", "debug getScopedCredentials: it was asked for", "turn", "copy"],
  ]);
  const { SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = wider;
  const keys = { accessKeyId: wider.AccessKeyId, secretAccessKey, sessionToken };
  assertEquals(sent.map(({ signal: _signal, ...call }) => call), [{
    ...{ keys, endpoint: scope.endpoint, policy: "{}", durationSeconds: undefined },
    ...{ description: "a build", profile: "deploy" },
  }]);
  assertEquals(made.StartTime, wider.StartTime);
  assert(copies.widerOf(open) === wider);
  copies.forget();
  assertEquals(copies.widerOf(open), undefined);
});

Deno.test("a copy with a life of its own is as old as it is, and made of the session that is there", async () => {
  const { get, events, jump } = setUp({ wider: [credentialsFor(3_600)] });
  await get(open, of(600));
  jump(10_000);
  const second = await get(open, of(600));
  assertEquals(second.StartTime, new Date(start + 10_000));
  assertEquals(events.filter((event) => event.startsWith("reach")), ["reach"]);
});

Deno.test("no copy outlives its session: it is shorter, and that is told where it shows", async () => {
  const cases = [
    // The session has 1 h less what has passed.
    { passed: 0, seconds: 3_600, sent: 3_600, warns: false },
    { passed: 1, seconds: 3_600, sent: 3_598, warns: false },
    { passed: 1_000, seconds: 3_600, sent: 3_598, warns: false },
    { passed: 60_000, seconds: 3_600, sent: 3_539, warns: false },
    { passed: 60_001, seconds: 3_600, sent: 3_538, warns: true },
    { passed: 3_599_500, seconds: 3_600, sent: 1, warns: true },
  ];
  for (const { passed, seconds, sent: wanted, warns } of cases) {
    const { get, sent, events, jump } = setUp({ wider: [credentialsFor(3_600)] });
    jump(passed);
    const { policy: _policy, ...plain } = of(seconds);
    await get(bound, plain);
    assertEquals(sent[0]?.durationSeconds, wanted, `${passed}`);
    assertEquals(events.some((event) => event.startsWith("warn")), warns, `${passed}`);
  }
  // With a policy, the copy simply ends with its session.
  const { get, sent, events, jump } = setUp({ wider: [credentialsFor(3_600)] });
  jump(600_000);
  await get(bound, of(3_600));
  assertEquals(sent[0]?.durationSeconds, undefined);
  assertEquals(events.filter((event) => event.startsWith("warn")), [
    'warn getScopedCredentials: the scoped copy for profile "deploy" lives 50m, not 1h: the session that it is a ' +
    "copy of ends then",
  ]);
});

Deno.test("a newer session is made where it costs no code, and is worth it", async () => {
  const found = credentialsFor(3_600);
  const newer = credentialsFor(3_600, 1_800_000);
  const rows = [
    { plan: open, seconds: 3_600, passed: 60_000, anew: true },
    { plan: open, seconds: 3_600, passed: 59_999, anew: false },
    { plan: open, seconds: 1_800, passed: 1_800_000, anew: false },
    { plan: open, seconds: 1_801, passed: 1_800_000, anew: true },
    { plan: bound, seconds: 3_600, passed: 1_800_000, anew: false },
  ];
  for (const { plan, seconds, passed, anew } of rows) {
    const { get, events, jump, copies } = setUp({ wider: [found, newer] });
    jump(passed);
    await get(plan, of(seconds));
    assert(copies.widerOf(plan) === (anew ? newer : found));
    assertEquals(events.includes("reach anew"), anew, `${seconds} s after ${passed} ms`);
  }
  const { get, events, jump } = setUp({ wider: [found] });
  jump(1_800_000);
  await get(open, scope);
  assertEquals(events.includes("reach anew"), false);
});

Deno.test("where no newer session can be had, the one that is there serves as long as it lives", async () => {
  const refused = new StsavalError("FAILED", "no");
  const { get, events, jump } = setUp({ wider: [credentialsFor(3_600), refused] });
  jump(1_800_000);
  await get(open, of(3_600));
  assertEquals(
    events.filter((event) => event.startsWith("warn"))[0],
    [
      "warn getScopedCredentials: no newer session: no",
    ][0],
  );
  const dead = setUp({ wider: [credentialsFor(3_600), refused] });
  dead.jump(3_600_000);
  assert(await assertRejects(() => dead.get(open, of(900))) === refused);
  const broken = setUp({ wider: [credentialsFor(3_600), new TypeError("a slip")] });
  broken.jump(1_800_000);
  await assertRejects(() => broken.get(open, of(3_600)), TypeError, "a slip");
});

Deno.test("a session that was kept is used while it serves: in the background to its end, if it took a code", async () => {
  const rows = [
    { plan: open, inBackground: false, passed: 45 * 60_000, reached: 2 },
    { plan: open, inBackground: true, passed: 45 * 60_000, reached: 2 },
    { plan: bound, inBackground: false, passed: 45 * 60_000, reached: 2 },
    { plan: bound, inBackground: true, passed: 59 * 60_000, reached: 1 },
    { plan: bound, inBackground: true, passed: 60 * 60_000, reached: 2 },
    { plan: open, inBackground: false, passed: 20 * 60_000, reached: 1 },
  ];
  for (const { plan, inBackground, passed, reached } of rows) {
    const wider = [credentialsFor(3_600), credentialsFor(3_600, passed)];
    const { get, events, jump } = setUp({ wider });
    await get(plan, of(60));
    jump(passed);
    await get(plan, of(60), { inBackground });
    const found = events.filter((event) => event.startsWith("reach")).length;
    assertEquals(found, reached, `${inBackground} after ${passed} ms`);
  }
  // Asked for anew, the session is made anew, but in the background only for a copy that ends with it.
  for (
    const [step, inBackground, last] of [
      [of(60), false, "reach anew"],
      [of(60), true, "reach"],
      [scope, true, "reach anew"],
    ] as const
  ) {
    const { get, events } = setUp({ wider: [credentialsFor(3_600), credentialsFor(3_600)] });
    await get(open, step);
    await get(open, step, { renew: true, inBackground });
    assertEquals(events.findLast((event) => event.startsWith("reach")), last);
  }
});

Deno.test("a copy is shared on disk by its whole plan, and serves by its own life", async () => {
  const { get, shared } = setUp({ wider: [credentialsFor(3_600)], disk: true });
  await get(open, scope, { renew: true });
  const [call] = shared;
  assertEquals([call?.profile, call?.renew, call?.mark?.()], [
    ...["deploy", true, { id: "log", last: 1 }],
  ]);
  assertEquals(call?.subject, {
    ...{ base: { ...base, profile: "cached" }, session: free, roles: [role], scope },
  });
  assertEquals(call?.serves?.(credentialsFor(3_600), start), true);
});

Deno.test("long-term keys have no scoped copies, and that is told with where they are from", async () => {
  const keys = new Credentials({ ...credentialsFor(3_600), SessionToken: "" });
  const { get, sent } = setUp({ wider: [keys, keys] });
  const from: SourceStep = {
    ...{ kind: "source", source: "credential-process", profile: "deploy", settings: {} },
    ...{ detail: "/bin/keys", reason: "" },
  };
  for (const [plan, place] of [[open, ""], [{ ...open, base: from }, " (/bin/keys)"]] as const) {
    const error = await assertRejects(() => get(plan, scope), ProfileError);
    assertEquals(
      error.message,
      `Cannot scope the credentials of profile "deploy": they are long-term keys${place}, and AWS makes scoped copies ` +
        "of temporary credentials alone",
    );
    assertEquals(
      error.hint,
      "put the keys into a profile of their own: its session token can be scoped; or assume a role with them",
    );
  }
  assertEquals(sent, []);
});

Deno.test("needsCode() looks at the roles, and at the session where there is none", () => {
  const withCode = { ...role, mfaSerial: "arn:mfa" };
  assertEquals(needsCode(open), false);
  assertEquals(needsCode({ ...open, session }), false);
  assertEquals(needsCode({ ...open, roles: [role, withCode] }), true);
  assertEquals(needsCode({ ...open, roles: [withCode, role] }), true);
  assertEquals(needsCode({ ...open, roles: [], session }), true);
  assertEquals(needsCode({ ...open, roles: [] }), false);
});
