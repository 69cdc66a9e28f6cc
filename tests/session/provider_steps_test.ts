/**
 * The steps of one plan, in their order: what is told before a call, what waits for its turn, and what is handed on to the
 * caches.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { SharedCall } from "../../src/cache/plan_cache.ts";
import type { Credentials } from "../../src/credentials.ts";
import { MfaError } from "../../src/errors.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import type { BaseOptions } from "../../src/session/base_credentials.ts";
import type { CarryOutOptions } from "../../src/session/carry_out.ts";
import { NoCodeError } from "../../src/session/mfa.ts";
import { Provider } from "../../src/session/provider.ts";
import { settle } from "../settle.ts";
import { base, credentialsFor, role, session, start } from "./fixtures.ts";

const plan: CredentialPlan = { profile: "deploy", base, session, roles: [role], notices: [] };
const mark = { id: "log", last: 3 };

interface Setup {
  /** How the calls end, one after the other; credentials where nothing is left. */
  readonly outcomes?: readonly (Credentials | Error)[];
  /** What the AWS CLI has of the role. */
  readonly theirs?: Credentials;
  /** What the cache on disk does with a call; without it there is none. */
  readonly share?: (call: SharedCall) => Promise<Credentials>;
  readonly mfa?: CarryOutOptions["mfa"];
  /** Writes to the AWS CLI's cache. */
  readonly put?: () => Promise<void>;
}

function setUp({ outcomes = [], theirs, share, mfa, put: writes }: Setup = {}) {
  let now = start;
  const left = [...outcomes];
  const events: string[] = [];
  const put: unknown[] = [];
  const asked: BaseOptions[] = [];
  const say = (level: string) => (line: string) => void events.push(`${level} ${line}`);
  const answer = (name: string) => (call: { readonly mfa?: { readonly code: string } }) => {
    events.push(`${name} ${call.mfa?.code ?? "without a code"}`);
    const outcome = left.shift() ?? credentialsFor(3_600, now - start);
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const later = async (event: string) => {
    await Promise.resolve();
    await Promise.resolve();
    events.push(event);
  };
  const provider = new Provider({
    sts: { getSessionToken: answer("session"), assumeRole: answer("role") } as never,
    now: () => now,
    logger: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
    awsCliCache: {
      get: () => Promise.resolve(theirs),
      put: async (...args: unknown[]) => {
        await (writes ?? (() => later("put")))();
        put.push(args);
      },
    } as never,
    base: {
      keys: async (_base: unknown, options: BaseOptions) => {
        asked.push(options);
        await later("keys");
        return base.keys;
      },
      cached: async (step: object) => {
        await Promise.resolve();
        return { ...step, profile: "cached" };
      },
      forget: () => void events.push("forget"),
      markOf: () => undefined,
    } as never,
    ...(share === undefined ? {} : { cache: { share } }),
  });
  const options: CarryOutOptions = {
    mfa: mfa ?? (() => Promise.resolve({ code: "111111" })),
    signal: new AbortController().signal,
    mark,
    beforeCall: (endpoint) => void events.push(`before ${endpoint?.region}`),
    turn: () => later("turn"),
  };
  const jump = (ms: number) => void (now += ms);
  return { provider, events, put, asked, options, jump };
}

Deno.test("a plan is carried out from its first step to its last, each in its turn", async () => {
  const { provider, events, options } = setUp();
  await provider.carryOut(plan, options);
  assertEquals(events, [
    "before eu-west-1",
    "before eu-west-1",
    "keys",
    "debug getSessionToken: the role wants MFA",
    "turn",
    "session 111111",
    "debug assumeRole: the profile names it",
    "turn",
    "role without a code",
  ]);
  assert(provider.sessionOf(plan) !== undefined);
  provider.forget();
  assertEquals([provider.sessionOf(plan), events.at(-1)], [undefined, "forget"]);
});

Deno.test("a role without a session token signs with the base's keys", async () => {
  const { provider, events, options } = setUp();
  const { session: _session, ...alone } = plan;
  await provider.carryOut(alone, options);
  assertEquals(events.map((event) => event.split(" ")[0]), [
    ...["before", "keys", "debug", "turn", "role"],
  ]);
});

Deno.test("what needs the session token later gets it before the role, and waits for it", async () => {
  const made: string[] = [];
  const share = async (call: SharedCall) => {
    const { session, roles } = call.subject;
    if (roles.length > 0) {
      made.push("role from disk");
      return credentialsFor(3_600);
    }
    const found = await call.fetch();
    made.push(`session of ${session?.durationSeconds}`);
    return found;
  };
  const kept = setUp({ share });
  await kept.provider.carryOut(plan, { ...kept.options, keepFresh: true });
  assertEquals(made, ["session of 3600", "role from disk"]);
  made.length = 0;
  const once = setUp({ share });
  await once.provider.carryOut(plan, once.options);
  assertEquals(made, ["role from disk"]);
});

Deno.test("caches on disk get the whole of what identifies a step, and the marks of its request", async () => {
  const calls: SharedCall[] = [];
  const { provider, options } = setUp({
    share: (call) => {
      calls.push(call);
      return (call.prepare?.() ?? Promise.resolve()).then(() => call.fetch());
    },
  });
  await provider.carryOut(plan, { ...options, renew: true });
  const cached = { ...base, profile: "cached" };
  assertEquals(calls.map(({ profile, subject, renew }) => [profile, subject, renew]), [
    ["deploy", { base: cached, session, roles: [role] }, true],
    ["kim", { base: cached, session, roles: [] }, true],
  ]);
  assertEquals(calls.map((call) => call.mark?.()), [mark, mark]);
});

const shared = {
  ...plan,
  roles: [{ ...role, awsCli: { roleArn: "arn:dev" } }],
} as never as CredentialPlan;

Deno.test("the AWS CLI gets a role that was made before the caller has it, and its own is not made", async () => {
  const none = setUp();
  const made = await none.provider.carryOut(shared, none.options);
  assertEquals(none.put, [[{ roleArn: "arn:dev" }, made, { profile: "deploy", mark }]]);
  const own = setUp({ theirs: credentialsFor(900) });
  assertEquals(await own.provider.carryOut(shared, own.options), credentialsFor(900));
  assertEquals([own.put, own.events], [[], []]);
  const anew = setUp({ theirs: credentialsFor(900) });
  const found = await anew.provider.carryOut(shared, { ...anew.options, renew: true });
  assertEquals([found, anew.put.length], [credentialsFor(3_600), 1]);
});

Deno.test("a role from our cache on disk is copied to the AWS CLI's, unless that has one or it was just made", async () => {
  const fromDisk = () => Promise.resolve(credentialsFor(1_800));
  const missing = setUp({ share: fromDisk });
  const { session: _session, ...alone } = shared;
  assertEquals(await missing.provider.carryOut(alone, missing.options), credentialsFor(1_800));
  assertEquals(missing.put, [[
    { roleArn: "arn:dev" },
    credentialsFor(1_800),
    { profile: "deploy", mark },
  ]]);
  const there = setUp({ share: fromDisk, theirs: credentialsFor(900) });
  await there.provider.carryOut(alone, there.options);
  assertEquals(there.put, []);
  const made = setUp({ share: (call) => call.fetch() });
  await made.provider.carryOut(alone, made.options);
  assertEquals(made.put.length, 1);
  const { session: _other, ...unshared } = plan;
  const apart = setUp({ share: fromDisk });
  await apart.provider.carryOut(unshared, apart.options);
  assertEquals(apart.put, []);
});

Deno.test("a failure that is no refusal of the code asks for no other code", async () => {
  let again = 0;
  const mfa: CarryOutOptions["mfa"] = () =>
    Promise.resolve({
      code: "111111",
      onRefused: () => {
        again++;
        return Promise.resolve({ code: "222222" });
      },
    });
  const { provider, options, events } = setUp({ outcomes: [new TypeError("a slip")], mfa });
  await assertRejects(() => provider.carryOut(plan, options), TypeError, "a slip");
  assertEquals([again, events.filter((event) => event.startsWith("session")).length], [0, 1]);
});

Deno.test("a code is checked against those that were sent, before it is sent, and again for another one", async () => {
  const order: string[] = [];
  const { provider, options, events } = setUp({
    share: (call) =>
      call.fetch(async ({ serial, code }) => {
        await Promise.resolve();
        order.push(`${serial} ${code}: ${events.some((event) => event.startsWith("session"))}`);
      }),
  });
  const { roles: _roles, ...token } = plan;
  await provider.carryOut({ ...token, roles: [] }, options);
  assertEquals(order, [`${session.mfaSerial} 111111: false`]);
  const stop = setUp({
    share: (call) => call.fetch(() => Promise.reject(new MfaError("sent before"))),
  });
  await assertRejects(
    () => stop.provider.carryOut({ ...token, roles: [] }, stop.options),
    MfaError,
  );
  assertEquals(stop.events.some((event) => event.startsWith("session")), false);
});

Deno.test("where no code can be had, a session token that ends too early serves, and that is told", async () => {
  const noCode = () => Promise.reject(new NoCodeError("no code"));
  const long = { ...session, durationSeconds: 7_200, requiredSeconds: 7_200 };
  const { provider, options, events, jump } = setUp();
  await provider.carryOut(plan, options);
  jump(600_000);
  const wanted = { ...plan, session: long };
  await provider.carryOut(wanted, { ...options, mfa: noCode, sessions: new Map() });
  assertEquals(events.filter((event) => event.startsWith("warn")), [
    'warn getSessionToken: the session token of profile "kim" lives 50m more, until 2026-01-01T01:00:00.000Z, not 2h: ' +
    "no MFA code can be had",
  ]);
  const anew = { ...options, mfa: noCode, renew: true };
  await assertRejects(() => provider.carryOut(wanted, anew), NoCodeError);
});

Deno.test("in the background a session token serves to its end where a new one would take a code", async () => {
  for (const mfaSerial of [session.mfaSerial, undefined]) {
    const { mfaSerial: _serial, ...free } = session;
    const own = { ...plan, session: mfaSerial === undefined ? free : session };
    const { provider, options, events, jump } = setUp();
    await provider.carryOut(own, options);
    jump(59 * 60_000);
    const before = events.length;
    await provider.renew(own, options);
    const calls = events.slice(before).filter((event) => /^(?:session|role) /.test(event));
    assertEquals(
      calls,
      mfaSerial === undefined
        ? ["session without a code", "role without a code"]
        : ["role without a code"],
    );
  }
});

Deno.test("nothing is handed out before the AWS CLI has it", async () => {
  const { session: _session, ...alone } = shared;
  for (const share of [undefined, () => Promise.resolve(credentialsFor(1_800))]) {
    const written = Promise.withResolvers<void>();
    const { provider, options } = setUp({
      ...(share === undefined ? {} : { share }),
      put: () => written.promise,
    });
    let isDone = false;
    const done = provider.carryOut(alone, options).then(() => isDone = true);
    await settle();
    assertEquals(isDone, false);
    written.resolve();
    await done;
  }
});

Deno.test("a role on a session token is not cached past a logout that came after that token", async () => {
  const { provider, options, put } = setUp();
  const early = { id: "log", last: 1 };
  await provider.carryOut({ ...plan, roles: [] }, { ...options, mark: early });
  await provider.carryOut(shared, options);
  assertEquals(put.map((args) => (args as readonly unknown[])[2]), [
    { profile: "deploy", mark: early },
  ]);
});

Deno.test("who wants to hear of no call is told of none by the base either", async () => {
  const { provider, options, asked } = setUp();
  const { beforeCall: _before, ...silent } = options;
  const { session: _session, ...alone } = plan;
  await provider.carryOut(alone, silent);
  await provider.carryOut(alone, options);
  assertEquals(asked.map(({ beforeFetch }) => typeof beforeFetch), ["undefined", "function"]);
});
