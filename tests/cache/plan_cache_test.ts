/**
 * What a plan's call asks of the cache: the key's owner, how long it must live, and what waiters are told.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { cacheKey, type CacheSubject } from "../../src/cache/key.ts";
import { createPlanCache } from "../../src/cache/plan_cache.ts";
import { silentLogger } from "../../src/logger.ts";
import type { ScopeStep, SourceStep } from "../../src/plan.ts";
import { fakeSystem } from "../fake_system.ts";
import { base, credentialsFor, diskCache, role, session, start } from "../session/fixtures.ts";

const sso: SourceStep = {
  kind: "source",
  profile: "kim",
  source: "sso",
  settings: { session: "corp" },
  detail: "of the session corp",
  reason: "the profile names it",
};

const withMfa = { ...role, mfaSerial: "arn:aws:iam::111122223333:mfa/kim" };
const { mfaSerial: _serial, ...withoutMfa } = session;

/** Shares a call, and tells what was stored, under which lock, and how often it was made. */
async function shared(subject: CacheSubject, servedSeconds = 3_600) {
  const system = fakeSystem();
  const cache = diskCache({ ...system, logger: silentLogger });
  const locks: string[] = [];
  const lock = system.files.lock.bind(system.files);
  system.files.lock = (path, purpose, options) => {
    if (!path.endsWith("logouts.lock")) locks.push(purpose);
    return lock(path, purpose, options);
  };
  let calls = 0;
  const plans = createPlanCache({ ...system, cache, logger: silentLogger, skewMs: () => 0 });
  const share = async () =>
    await plans.share({
      profile: "deploy",
      subject,
      signal: new AbortController().signal,
      fetch() {
        calls++;
        return Promise.resolve(credentialsFor(servedSeconds));
      },
    });
  await share();
  const [entry] = await cache.list();
  await share();
  const { key, profile, operation, roleArn, mfaSerial, region, durationSeconds } = entry ?? {};
  return {
    owner: [profile, operation, roleArn, mfaSerial, region],
    durationSeconds,
    hasKey: key === await cacheKey(subject),
    locks,
    calls,
    cache,
  };
}

Deno.test({
  name: "each kind of call is stored for its owner, with what waiters are told",
  permissions: "none",
  async fn() {
    const of = (subject: Partial<CacheSubject>) =>
      shared({ base, session: undefined, roles: [], ...subject });
    const rows: readonly (readonly [Partial<CacheSubject>, readonly unknown[], string])[] = [
      [
        { session },
        ["deploy", "GetSessionToken", undefined, session.mfaSerial, "eu-west-1"],
        `asks for the MFA code of "${session.mfaSerial}"`,
      ],
      [
        { session: withoutMfa },
        ["deploy", "GetSessionToken", undefined, undefined, "eu-west-1"],
        "gets a session token",
      ],
      [
        { session, roles: [{ ...role, roleArn: "arn:aws:iam::1:role/First" }, role] },
        ["deploy", "AssumeRole", role.roleArn, undefined, "eu-west-1"],
        `assumes the role "${role.roleArn}"`,
      ],
      [
        { roles: [withMfa] },
        ["deploy", "AssumeRole", role.roleArn, withMfa.mfaSerial, "eu-west-1"],
        `asks for the MFA code of "${withMfa.mfaSerial}"`,
      ],
    ];
    for (const [subject, owner, purpose] of rows) {
      const found = await of(subject);
      assertEquals(found.owner, owner);
      assertEquals([found.durationSeconds, found.hasKey, found.locks, found.calls], [
        ...[3_600, true, [purpose], 1],
      ]);
    }
  },
});

Deno.test({
  name:
    "a source is stored as its own, without a duration, and long-term keys are not stored at all",
  permissions: "none",
  async fn() {
    const found = await shared({ base: sso, session: undefined, roles: [] });
    assertEquals(found.owner, ["deploy", "sso", undefined, undefined, undefined]);
    assertEquals([found.durationSeconds, found.hasKey, found.locks, found.calls], [
      ...[0, true, ["fetches the credentials of sso of the session corp"], 1],
    ]);
    const keys = await shared({ base, session: undefined, roles: [] });
    assertEquals([keys.locks, keys.calls, await keys.cache.list()], [[], 2, []]);
  },
});

Deno.test({
  name:
    "a session token serves who wants a longer one, a role does not; only a quick call is made twice",
  permissions: "none",
  async fn() {
    for (
      const [longer, calls] of [
        [{ session: { ...session, durationSeconds: 43_200 }, roles: [] }, 0],
        [{ session, roles: [{ ...role, durationSeconds: 43_200 }] }, 1],
      ] as const
    ) {
      const subject = { base, ...longer };
      const system = fakeSystem();
      const cache = diskCache({ ...system, logger: silentLogger });
      const entry = {
        ...{ profile: "deploy", operation: "AssumeRole", durationSeconds: 3_600, skewMs: 0 },
        credentials: credentialsFor(3_600),
      };
      await cache.put(await cacheKey(subject), entry);
      let made = 0;
      const plans = createPlanCache({ ...system, cache, logger: silentLogger, skewMs: () => 0 });
      await plans.share({
        profile: "deploy",
        subject,
        signal: new AbortController().signal,
        fetch: () => Promise.resolve(credentialsFor(43_200 + made++)),
      });
      assertEquals(made, calls);
    }
  },
});

Deno.test({
  name: "who waits for a role makes the call after 40 seconds, who waits for a code does not",
  permissions: "none",
  async fn() {
    for (const [step, calls] of [[role, 1], [withMfa, 0]] as const) {
      const subject = { base, session: undefined, roles: [step] };
      const system = fakeSystem();
      const cache = diskCache({ ...system, logger: silentLogger });
      const path = await cache.lockPath(await cacheKey(subject)) ?? "";
      using _held = await system.files.lock(path, "is slow");
      let made = 0;
      const plans = createPlanCache({ ...system, cache, logger: silentLogger, skewMs: () => 0 });
      const sharing = plans.share({
        profile: "deploy",
        subject,
        signal: new AbortController().signal,
        fetch: () => Promise.resolve(credentialsFor(3_600 + 0 * made++)),
      }).catch((error: unknown) => error);
      await system.clock.advance(40_000);
      assertEquals([made, system.clock.now() - start], [calls, 40_000]);
      await system.clock.advance(80_000);
      await sharing;
      assertEquals(made, calls);
    }
  },
});

Deno.test({
  name:
    "a scoped copy is stored for its last role and by its own life, apart from what it is a copy of",
  permissions: "none",
  async fn() {
    const scope: ScopeStep = {
      ...{ kind: "get-scoped-credentials", profile: "deploy", policy: "{}", reason: "" },
      endpoint: { region: "eu-central-1" },
    };
    const first = { ...role, roleArn: "arn:aws:iam::111122223333:role/First" };
    const subject = { base, session, roles: [first, role], scope };
    const endless = await shared(subject);
    assertEquals(endless.owner, [
      ...["deploy", "GetScopedCredentials", role.roleArn, undefined, "eu-central-1"],
    ]);
    assertEquals([endless.durationSeconds, endless.hasKey, endless.calls], [0, true, 1]);
    assertEquals(endless.locks, ["gets a scoped copy of credentials"]);
    const short = await shared({ ...subject, scope: { ...scope, durationSeconds: 1_800 } });
    assertEquals([short.durationSeconds, short.hasKey, short.calls], [1_800, true, 1]);
    const ofSession = await shared({ base, session, roles: [], scope });
    assertEquals(ofSession.owner, [
      ...["deploy", "GetScopedCredentials", undefined, undefined, "eu-central-1"],
    ]);
  },
});
