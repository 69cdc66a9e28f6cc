/**
 * When each credential of a set ends, by STS's clock, what it is renewed with, and which failures are kept.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Credentials } from "../../../src/credentials.ts";
import { type StsavalError, StsError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/logger.ts";
import type { CredentialPlan } from "../../../src/plan.ts";
import type { Provider } from "../../../src/session/provider.ts";
import { SetMaker, type SetOptions } from "../../../src/session/set/set_maker.ts";
import { VirtualClock } from "../../fake_system.ts";
import { base, credentialsFor, role, session, start } from "../fixtures.ts";

const minute = 60_000;
const hour = 60 * minute;

function planOf(profile: string, parts: Partial<CredentialPlan> = {}): CredentialPlan {
  return { profile, base, roles: [role], notices: [], ...parts };
}

interface Setup {
  readonly skewMs?: number;
  readonly token?: Credentials;
  readonly fails?: Readonly<Record<string, unknown>>;
}

function setUp({ skewMs = 0, token, fails = {} }: Setup = {}) {
  const clock = new VirtualClock(start);
  const carried: unknown[] = [];
  const renewed: unknown[] = [];
  const provider = {
    carryOut(plan: CredentialPlan, options: unknown) {
      carried.push(options);
      const error = fails[plan.profile];
      return error === undefined ? Promise.resolve(credentialsFor(3_600)) : Promise.reject(error);
    },
    renew(plan: CredentialPlan, options: unknown) {
      renewed.push([plan.profile, options]);
      return Promise.resolve(credentialsFor(3_600, clock.now() - start));
    },
    sessionOf: () => token,
  } as unknown as Provider;
  const maker = new SetMaker({
    ...{ provider, clock, logger: silentLogger, concurrency: 2 },
    sts: { skewMs: () => skewMs },
    random: { number: () => 0.5 },
  });
  const errors = new Map<string, StsavalError>();
  const options: SetOptions = {
    mfa: () => Promise.reject(new Error("no code")),
    signal: new AbortController().signal,
    ...{ strict: true, errors, lifetime: 18_000, keepFresh: false },
  };
  return { clock, carried, renewed, maker, errors, options };
}

function setTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

setTest("without a code a credential ends with the lifetime, by STS's clock", async () => {
  for (const skewMs of [0, 10 * minute, -10 * minute]) {
    const { maker, options } = setUp({ skewMs });
    const set = await maker.make([planOf("a"), planOf("b")], options);
    const ends = set.status().map(({ renewableUntil }) => renewableUntil?.getTime());
    assertEquals(ends, Array(2).fill(start + skewMs + 5 * hour));
    assertEquals(set.codeNeededIn(), Infinity);
  }
});

setTest(
  "what only a code can renew ends with the session token, or with the role itself",
  async () => {
    const token = credentialsFor(2 * 3_600);
    const later = credentialsFor(12 * 3_600);
    const own = { roles: [{ ...role, mfaSerial: "GAHT12345678" }] };
    const { mfaSerial: _serial, ...free } = session;
    const rows:
      readonly (readonly [Partial<CredentialPlan>, Credentials | undefined, number, boolean])[] = [
        [{ session }, token, 2 * hour, true],
        [{ session }, later, 5 * hour, false],
        [{ session }, undefined, 5 * hour, false],
        [{ session: free }, token, 5 * hour, false],
        [own, undefined, hour, true],
        [{ ...own, session }, token, hour, true],
      ];
    for (const [parts, made, ends, needsCode] of rows) {
      const { maker, options } = setUp(made === undefined ? {} : { token: made });
      const set = await maker.make([planOf("a", parts)], options);
      assertEquals(set.status()[0]?.renewableUntil?.getTime(), start + ends);
      assertEquals(set.codeNeededIn(), needsCode ? ends : Infinity);
    }
    // A lifetime that nobody gave lets it live as long as the session token.
    const { maker, options } = setUp({ token: later });
    const set = await maker.make([planOf("a", { session }), planOf("b")], {
      ...options,
      lifetimeIsDefault: true,
    });
    assertEquals(set.status().map(({ renewableUntil }) => renewableUntil?.getTime()), [
      ...[start + 12 * hour, start + 5 * hour],
    ]);
  },
);

setTest(
  "one failure is thrown where all must succeed, and kept beside the rest where not",
  async () => {
    const refusal = new StsError("No", { operation: "AssumeRole" });
    const strict = setUp({ fails: { b: refusal } });
    const plans = [planOf("a"), planOf("b"), planOf("c")];
    const error = await assertRejects(() => strict.maker.make(plans, strict.options), StsError);
    assert(error.message.includes("No"));
    const lenient = setUp({ fails: { b: refusal } });
    const set = await lenient.maker.make(plans, { ...lenient.options, strict: false });
    assertEquals(Object.keys(set), ["sts-a", "sts-c"]);
    assertEquals([...lenient.errors], [["b", refusal]]);
    assertEquals(set.errors, { b: refusal });
    const bug = setUp({ fails: { b: new TypeError("a bug") } });
    await assertRejects(() => bug.maker.make(plans, { ...bug.options, strict: false }), TypeError);
  },
);

setTest(
  "a set is renewed only where it is kept fresh, without a code, with what it was made with",
  async () => {
    for (const keepFresh of [false, true]) {
      const { clock, carried, renewed, maker, options } = setUp();
      const mark = { id: "log", last: 1 };
      const beforeCall = () => {};
      const set = await maker.make([planOf("a")], {
        ...options,
        keepFresh,
        mark,
        beforeCall,
        renew: true,
      });
      const made = carried[0] as Record<string, unknown>;
      assertEquals([made.mark, made.renew, made.keepFresh, made.beforeCall], [
        ...[mark, true, keepFresh, beforeCall],
      ]);
      await clock.advance(hour);
      assertEquals([renewed.length, clock.sleeping], keepFresh ? [1, 1] : [0, 0]);
      if (keepFresh) {
        const [profile, how] = renewed[0] as [string, Record<string, unknown>];
        assertEquals([profile, how.mark, how.beforeCall], ["a", mark, beforeCall]);
        const mfa = how.mfa as (serial: string, signal: AbortSignal) => Promise<unknown>;
        await assertRejects(() => mfa("m", options.signal), Error, "none was given");
      }
      await clock.advance(5 * hour);
      assertEquals(set.haltReason, keepFresh ? "the lifetime of 5h has ended" : undefined);
      assertEquals(clock.sleeping, 0);
    }
  },
);

setTest("failures are told in the order of the profiles", async () => {
  const fails = {
    a: new StsError("First", { operation: "AssumeRole" }),
    c: new StsError("Second", { operation: "AssumeRole" }),
  };
  const plans = [planOf("a"), planOf("b"), planOf("c")];
  const strict = setUp({ fails });
  const error = await assertRejects(() => strict.maker.make(plans, strict.options));
  assert(error instanceof Error);
  assertEquals(error.message, '2 of 3 profiles failed:\n  "a": First\n  "c": Second');
  const lenient = setUp({ fails });
  await lenient.maker.make(plans, { ...lenient.options, strict: false });
  assertEquals([...lenient.errors.keys()], ["a", "c"]);
});
