/**
 * The quick way of credential_process: which entry of the cache serves a profile, and when none does.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { silentLogger } from "../../src/logger.ts";
import { cacheKey } from "../../src/cache/key.ts";
import { loadConfig } from "../../src/config/load.ts";
import { resolvePlans } from "../../src/config/plan/plan.ts";
import { cachedCredentials, findCredentials } from "../../src/session/cached_credentials.ts";
import { configOptions, planRequest } from "../../src/session/plan_settings.ts";
import { fakeSystem } from "../fake_system.ts";
import type { CacheQuery } from "../../src/cache/port.ts";
import type { ScopeStep, SourceStep } from "../../src/plan.ts";
import { identified } from "../../src/source/sources.ts";
import { base, credentialsFor, diskCache, role, session, start } from "./fixtures.ts";

const account = "arn:aws:iam::123456789012";
const config = `[default]
region = eu-west-1
[profile first]
role_arn = ${account}:role/First
source_profile = kim
mfa_serial = ${account}:mfa/kim
[profile second]
role_arn = ${account}:role/Second
source_profile = first
[profile third]
role_arn = ${account}:role/Third
source_profile = second
[profile shared]
role_arn = ${account}:role/First
source_profile = kim
share_aws_cache = true
`;
const keys = `[kim]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;

/** A home, with one more line in a profile. */
function setUp(profile = "", line = "") {
  const edited = config.replace(`[profile ${profile}]\n`, `[profile ${profile}]\n${line}\n`);
  const system = fakeSystem({
    files: { "/home/kim/.aws/config": edited, "/home/kim/.aws/credentials": keys },
  });
  const cache = diskCache({ ...system, logger: silentLogger });
  const planOf = async (profile: string, lifetime?: string) => {
    const found = await loadConfig(system, configOptions({}));
    const request = planRequest({}, { lifetime } as never, system.env);
    const { plans: [plan] } = resolvePlans(found, [profile], request);
    if (plan === undefined) throw new Error(`no plan of ${profile}`);
    return plan;
  };
  return { system, cache, planOf };
}

/** Stores what the plan leads to after its first `count` roles, for so many seconds. */
async function store(
  { cache, planOf }: ReturnType<typeof setUp>,
  profile: string,
  { count, seconds, durationSeconds = seconds, lifetime }: {
    readonly count: number;
    readonly seconds: number;
    readonly durationSeconds?: number;
    readonly lifetime?: string;
  },
) {
  const { base, session, roles } = await planOf(profile, lifetime);
  await cache.put(await cacheKey({ base, session, roles: roles.slice(0, count) }), {
    ...{ profile, operation: "AssumeRole", skewMs: 0, durationSeconds },
    credentials: credentialsFor(seconds),
  });
}

Deno.test("a role serves from the cache of its own last step, and of no earlier one", async () => {
  const desk = setUp();
  const get = () => cachedCredentials(desk.system, "second", {});
  assertEquals(await get(), undefined);
  await store(desk, "second", { count: 1, seconds: 3_600 });
  await store(desk, "second", { count: 0, seconds: 43_200 });
  assertEquals(await get(), undefined);
  await store(desk, "second", { count: 2, seconds: 3_600 });
  assertEquals(await get(), credentialsFor(3_600));
  await desk.system.clock.advance(45 * 60_000);
  assertEquals(await get(), undefined);
});

Deno.test("what ends a chain of three is its third role", async () => {
  const desk = setUp();
  const get = () => cachedCredentials(desk.system, "third", {});
  await store(desk, "third", { count: 2, seconds: 3_600 });
  assertEquals(await get(), undefined);
  await store(desk, "third", { count: 3, seconds: 3_600 });
  assertEquals(await get(), credentialsFor(3_600));
});

Deno.test("a chain of three wants what its third role is requested with", async () => {
  const desk = setUp("second", "duration_seconds = 900");
  await store(desk, "third", { count: 3, seconds: 3_600, durationSeconds: 1_800 });
  assertEquals(await cachedCredentials(desk.system, "third", {}), undefined);
});

Deno.test("a cache that is to be sealed, or to be so no longer, is for the command", async () => {
  const seal = JSON.stringify({
    version: 1,
    keeper: "keyctl",
    keyId: "0123456789abcdef",
    note: "",
  });
  const sealPath = "/home/kim/.aws/stsaval/seal.json";
  for (
    const [line, isSealed, isServed] of [
      ["seal_cache = true", false, false],
      ["seal_cache = true", true, true],
      ["seal_cache = false", true, false],
      ["seal_cache = false", false, true],
      ["", true, true],
    ] as const
  ) {
    const desk = setUp("first", line);
    await store(desk, "first", { count: 1, seconds: 3_600 });
    if (isSealed) await desk.system.files.replaceText(sealPath, seal);
    const found = await cachedCredentials(desk.system, "first", {});
    assertEquals(found !== undefined, isServed, `${line}, sealed: ${isSealed}`);
  }
});

Deno.test("a role that was made for a shorter time than is wanted serves nobody", async () => {
  const desk = setUp();
  await store(desk, "first", { count: 1, seconds: 3_600, durationSeconds: 900 });
  assertEquals(await cachedCredentials(desk.system, "first", {}), undefined);
});

Deno.test("where a lifetime is wanted, the session token below must last that long too", async () => {
  const lifetime = "5h";
  const desk = setUp();
  const get = () => cachedCredentials(desk.system, "first", {}, { lifetime });
  await store(desk, "first", { count: 1, seconds: 3_600, lifetime });
  assertEquals(await get(), undefined, "there is no session token");
  await store(desk, "first", { count: 0, seconds: 3_600, lifetime });
  assertEquals(await get(), undefined, "it ends too early");
  await store(desk, "first", { count: 0, seconds: 5 * 3_600, lifetime });
  assertEquals(await get(), credentialsFor(3_600));
});

Deno.test("what the AWS CLI shares, what has no role, and what cannot be planned is not served", async () => {
  const desk = setUp();
  await store(desk, "shared", { count: 1, seconds: 3_600 });
  for (const profile of ["shared", "kim", "nothing"]) {
    assertEquals(await cachedCredentials(desk.system, profile, {}), undefined, profile);
  }
  await assertRejects(
    () => cachedCredentials(desk.system, "first", { timeoutMs: 0 }),
    UsageError,
    "timeoutMs",
  );
  const homeless = { ...desk.system, env: { get: () => undefined } };
  const files = {
    configFile: "/home/kim/.aws/config",
    credentialsFile: "/home/kim/.aws/credentials",
  };
  assertEquals(await cachedCredentials(homeless, "first", files), undefined);
});

Deno.test("a plan that comes with a notice is for the command, which says it", async () => {
  const desk = setUp("second", "duration_seconds = 7200");
  await store(desk, "second", { count: 2, seconds: 3_600 });
  assertEquals(await cachedCredentials(desk.system, "second", {}), undefined);
});

Deno.test("what was fetched with a token serves whoever has a token of the same identity", async () => {
  const web = `[profile web]\nrole_arn = ${account}:role/Web\nweb_identity_token_file = /token\n`;
  const desk = setUp();
  desk.system.files.contents.set("/home/kim/.aws/config", `${config}${web}`);
  const tokenOf = (claims: object) =>
    ["{}", JSON.stringify(claims), "x"].map((part) => btoa(part).replaceAll("=", "")).join(".");
  desk.system.files.contents.set("/token", tokenOf({ iss: "i", sub: "kim", aud: "sts" }));
  const plan = await desk.planOf("web");
  await desk.cache.put(
    await cacheKey({ ...plan, base: await identified(plan.base, { system: desk.system }) }),
    {
      ...{ profile: "web", operation: "AssumeRole", skewMs: 0, durationSeconds: 3_600 },
      credentials: credentialsFor(3_600),
    },
  );
  assertEquals(await cachedCredentials(desk.system, "web", {}), credentialsFor(3_600));
  desk.system.files.contents.set("/token", tokenOf({ iss: "i", sub: "lou", aud: "sts" }));
  assertEquals(await cachedCredentials(desk.system, "web", {}), undefined);
});

/** A cache that has credentials under every key, and what it was asked. */
function fullCache() {
  const queries: CacheQuery[] = [];
  return {
    queries,
    get: (_key: string, query: CacheQuery = {}) => {
      queries.push(query);
      return Promise.resolve(credentialsFor(3_600));
    },
  };
}

const source: SourceStep = {
  ...{ kind: "source", source: "sso", profile: "kim", settings: {}, detail: "", reason: "r" },
};
const scope: ScopeStep = {
  ...{ kind: "get-scoped-credentials", profile: "a", endpoint: {}, reason: "r" },
};

Deno.test("keys alone are in no cache, nor is what a source gives that does not share it", async () => {
  for (
    const [plan, isServed] of [
      [{ base, roles: [] }, false],
      [{ base: { ...source, source: "credential-process" }, roles: [] }, false],
      [{ base: source, roles: [] }, true],
      [{ base, session, roles: [] }, true],
      [{ base, roles: [role] }, true],
      [{ base, roles: [role, role, role] }, true],
      [{ base, roles: [], scope }, true],
    ] as const
  ) {
    const cache = fullCache();
    const found = await findCredentials(plan, cache);
    assertEquals([found !== undefined, cache.queries.length], [isServed, isServed ? 1 : 0]);
  }
});

Deno.test("each last step has its own rule of what still serves", async () => {
  /** How many minutes before the end a query no longer takes credentials of that many minutes. */
  const leastLeft = ({ serves }: CacheQuery, minutes: number) => {
    if (serves === undefined) return "the default";
    const times = credentialsFor(minutes * 60);
    const left = Array.from({ length: minutes }, (_, minute) => minute)
      .filter((minute) => !serves(times, start + (minutes - minute) * 60_000));
    return left.length;
  };
  const life = 20;
  for (
    const [plan, durationSeconds, least] of [
      [{ base: source, roles: [] }, undefined, "the default"],
      [{ base, session, roles: [] }, undefined, 6],
      [{ base, session, roles: [role] }, role.durationSeconds, "the default"],
      [{ base, roles: [role], scope: { ...scope, durationSeconds: 1_200 } }, undefined, 6],
      [{ base, roles: [role], scope }, undefined, 16],
    ] as const
  ) {
    const cache = fullCache();
    await findCredentials(plan, cache);
    const [query = {}] = cache.queries;
    assertEquals([query.durationSeconds, leastLeft(query, life)], [durationSeconds, least]);
  }
});
