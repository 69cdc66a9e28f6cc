import type { SourceStep } from "../../src/plan.ts";
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { AccessKeys } from "../../src/credentials.ts";
import { cacheKey, type CacheSubject, sha256 } from "../../src/cache/key.ts";
import { base, role, session } from "../session/fixtures.ts";

const plan: CacheSubject = { base, session, roles: [role] };

function withKeys(keys: Partial<AccessKeys>): CacheSubject {
  return { ...plan, base: { ...base, keys: { ...base.keys, ...keys } } };
}

function withSession(parts: Partial<typeof session>): CacheSubject {
  return { ...plan, session: { ...session, ...parts } };
}

function withRole(parts: Partial<typeof role>): CacheSubject {
  return { ...plan, roles: [{ ...role, ...parts }] };
}

Deno.test({
  name: "cacheKey() is another for everything that STS is sent",
  permissions: "none",
  async fn() {
    const others: Record<string, CacheSubject> = {
      "access key id": withKeys({ accessKeyId: "AKIAEXAMPLEEXAMPLE01" }),
      "secret": withKeys({ secretAccessKey: "another" }),
      "given token": withKeys({ sessionToken: "token" }),
      "another given token": withKeys({ sessionToken: "another token" }),
      "no session": { base, roles: [role] },
      "the session alone": { base, session, roles: [] },
      "a second role": { ...plan, roles: [role, { ...role, roleArn: `${role.roleArn}2` }] },
      "MFA device of the session": withSession({ mfaSerial: "GAHT12345678" }),
      "endpoint of the session": withSession({ endpoint: { endpointUrl: "http://127.0.0.1:1" } }),
      "partition of the session": withSession({ endpoint: { partition: "aws-cn" } }),
      "role": withRole({ roleArn: `${role.roleArn}2` }),
      "session name": withRole({ roleSessionName: "sts-other" }),
      "external id": withRole({ externalId: "kim:2" }),
      "duration of the role": withRole({ durationSeconds: 900 }),
      "MFA device of the role": withRole({ mfaSerial: "GAHT12345678" }),
      "region of the role": withRole({ endpoint: { region: "eu-west-2", partition: "aws" } }),
      "FIPS": withRole({ endpoint: { ...role.endpoint, useFips: true } }),
    };
    const keys = new Map([[await cacheKey(plan), "the plan itself"]]);
    for (const [what, subject] of Object.entries(others)) {
      const key = await cacheKey(subject);
      assert(!keys.has(key), `${what} gives the same key as ${keys.get(key)}`);
      keys.set(key, what);
    }
  },
});

Deno.test({
  name: "cacheKey() is what earlier versions made, whose entries are in the cache",
  permissions: "none",
  async fn() {
    const tags = [{ key: "b", value: "é\u2028" }, { key: "a", value: "" }];
    const parameters = { policy: '{"a":1}', tags, transitiveTagKeys: ["b"] };
    const source: SourceStep = {
      ...{ kind: "source", source: "sso", settings: { b: "1", a: "", c: "2" } },
      ...{ profile: "dev", detail: "of dev", reason: "it is" },
    };
    const keys = [
      [plan, "0d6ca5bef6da98eca963f99f1a7303d9ccd24cda6302b96dd9e02183f22f627a"],
      [
        withRole({ parameters }),
        "f267cb69ab38d9db8df1dd669f1e69ba9cb18e3ad71bc2372cfd9e5bfca1b21d",
      ],
      [
        { base: source, roles: [] },
        "306f1300811854d854f208833e182869f832ebf67e1f2c07beaa0130cbc9a3f0",
      ],
    ] as const;
    for (const [subject, key] of keys) assertEquals(await cacheKey(subject), key);
  },
});

Deno.test({
  name: "cacheKey() is the same for plans that send the same",
  permissions: "none",
  async fn() {
    const key = await cacheKey(plan);
    const same: readonly CacheSubject[] = [
      structuredClone(plan),
      { roles: [Object.fromEntries(Object.entries(role).reverse()) as typeof role], session, base },
      withRole({ profile: "alias", reason: "another file" }),
      { ...plan, base: { ...base, kind: "environment", profile: "other", reason: "exported" } },
      withSession({ reason: "asked for" }),
    ];
    for (const subject of same) assertEquals(await cacheKey(subject), key);
  },
});

Deno.test({
  name: "cacheKey() is one for a session token of any duration, in any region",
  permissions: "none",
  async fn() {
    const key = await cacheKey({ base, session, roles: [] });
    const long = { ...session, durationSeconds: 43_200, endpoint: { partition: "aws" } };
    assertEquals(await cacheKey({ base, session: long, roles: [] }), key);
  },
});

Deno.test({
  name: "cacheKey() is a file name without a secret in it",
  permissions: "none",
  async fn() {
    assertMatch(await cacheKey(withKeys({ sessionToken: "token" })), /^[0-9a-f]{64}$/);
    assertNotEquals(await cacheKey(plan), await sha256(base.keys.secretAccessKey));
  },
});

Deno.test({
  name: "sha256() gives the digest of FIPS 180-4's first example",
  permissions: "none",
  async fn() {
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertEquals(await sha256("abc"), digest);
  },
});

Deno.test({
  name:
    "the order in which settings stand changes nothing; where keys come from, and each value, does",
  permissions: "none",
  async fn() {
    const source: SourceStep = {
      kind: "source",
      ...{ profile: "kim", source: "sso", detail: "corp", reason: "it is named" },
      settings: { account: "1", role: "Dev" },
    };
    const keyOf = (parts: Partial<SourceStep>) =>
      cacheKey({ base: { ...source, ...parts }, roles: [] });
    const key = await keyOf({});
    assertEquals(await keyOf({ settings: { role: "Dev", account: "1" } }), key);
    assertEquals(await keyOf({ profile: "lee", detail: "other", reason: "other" }), key);
    for (const other of [{ source: "login" }, { settings: { account: "2", role: "Dev" } }]) {
      assertNotEquals(await keyOf(other), key);
    }
    // Written down, since another version must find it.
    assertEquals(key, "7bd6eea891013d17bbfd4aa3a911578aac358bc2eade9e211cbb4f52edad820b");
  },
});

Deno.test({
  name: "each part that is sent makes another key, and so does where it is sent",
  permissions: "none",
  async fn() {
    const endpoints = [
      { region: "eu-west-1", partition: "aws", endpointUrl: "https://sts.example.com" },
      { region: "eu-west-1", partition: "aws-cn" },
    ];
    const plans = [
      plan,
      { base, roles: [role] },
      { base, session, roles: [] },
      { base, session, roles: [role, role] },
      ...endpoints.map((endpoint) => withSession({ endpoint })),
      ...endpoints.map((endpoint) => withRole({ endpoint })),
      withSession({ mfaSerial: "GAHT12345678" }),
      withRole({ endpoint: { region: "us-east-1", partition: "aws" } }),
      withRole({ mfaSerial: "GAHT12345678" }),
      withRole({ externalId: "other" }),
      withRole({ durationSeconds: 900 }),
      withRole({ roleSessionName: "other" }),
      withRole({ roleArn: "arn:aws:iam::111122223333:role/Other" }),
      withKeys({ secretAccessKey: "other" }),
      withKeys({ accessKeyId: "AKIAOTHER" }),
      withKeys({ sessionToken: "a token" }),
    ];
    const keys = await Promise.all(plans.map((plan) => cacheKey(plan)));
    assertEquals(new Set(keys).size, plans.length);
    for (const key of keys) assertMatch(key, /^[0-9a-f]{64}$/);
  },
});
