/**
 * Base credentials of a source: fetched once, kept while they are fresh, and forgotten.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProfileError } from "../../src/errors.ts";
import { silentLogger } from "../../src/logger.ts";
import type { SourceStep } from "../../src/plan.ts";
import { BaseCredentials, baseKey } from "../../src/session/base_credentials.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { base, credentialsFor, start } from "./fixtures.ts";

const step: SourceStep = {
  kind: "source",
  source: "sso",
  profile: "kim",
  settings: { b: "2", a: "1" },
  detail: "of corp",
  reason: "the profile names it",
};

/** What the AWS CLI has cached stands in for a fetch, which needs a source's own server. */
function setUp(theirs = credentialsFor(3_600)) {
  const clock = new VirtualClock(start);
  const asked: unknown[] = [];
  const put: unknown[] = [];
  const sts = { skewMs: () => 0 };
  const ports = {
    ...{ sts: sts as never, now: () => clock.now(), logger: silentLogger },
    system: fakeSystem({ clock }),
    awsCliCache: {
      get(role: unknown) {
        asked.push(role);
        return Promise.resolve(theirs);
      },
      put: (...args: unknown[]) => Promise.resolve(void put.push(args)),
    },
  };
  const credentials = new BaseCredentials(ports as never);
  const shared = { ...step, awsCli: { roleArn: "arn:dev" } } as never as SourceStep;
  const options = {
    signal: new AbortController().signal,
    mark: { id: "log", last: 1 },
  };
  return { clock, asked, put, credentials, shared, options };
}

Deno.test("long-term keys sign as they are; those of a source are fetched first", async () => {
  const { asked, credentials, shared, options } = setUp();
  assert(Object.is(await credentials.keys(base, options), base.keys));
  assertEquals([asked, credentials.markOf(base)], [[], undefined]);
  assertEquals(await credentials.keys(shared, options), {
    accessKeyId: "ASIAEXAMPLEEXAMPLE7Q",
    secretAccessKey: "the/secret+access=key",
    sessionToken: "the//session++token==",
  });
  assertEquals(asked, [{ roleArn: "arn:dev" }]);
});

Deno.test("what was fetched serves while it is fresh, by its settings, until it is forgotten", async () => {
  const { clock, asked, put, credentials, shared, options } = setUp();
  const first = await credentials.credentials(shared, options);
  assert(Object.is(await credentials.credentials(shared, options), first));
  assertEquals([asked.length, put], [1, []]);
  const same = { ...shared, settings: { a: "1", b: "2" }, profile: "lee", reason: "other" };
  assert(Object.is(await credentials.credentials(same, options), first));
  assertEquals(credentials.markOf(shared), options.mark);
  await credentials.credentials({ ...shared, settings: { a: "1" } }, options);
  assertEquals(asked.length, 2);
  await clock.advance(45 * 60_000);
  await credentials.credentials(shared, options);
  assertEquals(asked.length, 3);
  const fresh = setUp();
  await fresh.credentials.credentials(fresh.shared, fresh.options);
  fresh.credentials.forget();
  await fresh.credentials.credentials(fresh.shared, fresh.options);
  assertEquals(fresh.asked.length, 2);
});

Deno.test("a source that stsaval does not fetch is refused by its name", async () => {
  const { credentials, options } = setUp();
  const azure = { ...step, source: "no-such-kind" };
  await assertRejects(() => credentials.credentials(azure, options), Error);
  const error = await credentials.credentials(azure, options).catch((found: unknown) => found);
  if (error instanceof ProfileError) assert(error.message.includes("dev"));
});

Deno.test("baseKey() tells keys by their id, and sources by their settings in any order", () => {
  assertEquals(baseKey(base), '["AKIAEXAMPLEEXAMPLE00"]');
  assertEquals(baseKey(step), '["sso",[["a","1"],["b","2"]]]');
});
