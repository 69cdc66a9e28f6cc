/**
 * Base credentials that are fetched: with what is on disk, in the AWS CLI's cache, and known of their times.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { SharedCall } from "../../src/cache/plan_cache.ts";
import type { Credentials } from "../../src/credentials.ts";
import type { SourceStep } from "../../src/plan.ts";
import { BaseCredentials } from "../../src/session/base_credentials.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";
import { credentialsFor, start } from "./fixtures.ts";

const program: SourceStep = {
  ...{ kind: "source", source: "credential-process", profile: "kim", detail: "/bin/keys" },
  ...{ settings: { command: "/bin/keys" }, reason: "the profile names a program" },
};

const tokenFile = "/run/token";
const web: SourceStep = {
  ...{ kind: "source", source: "web-identity", profile: "web", detail: "", reason: "a file" },
  settings: {
    ...{ tokenFile, roleArn: "arn:aws:iam::111122223333:role/Web", roleSessionName: "x" },
    endpoint: '{"region":"eu-west-1"}',
  },
};

/** A token as identity providers sign it. */
function tokenOf(claims: Readonly<Record<string, string>>): string {
  return [{ alg: "RS256" }, claims, { signature: "of no key" }]
    .map((part) => btoa(JSON.stringify(part)).replaceAll("=", "")).join(".");
}

/** A program that prints keys, a role of a web identity, and what the AWS CLI has of its own. */
function setUp(
  { theirs, printed = {}, awsCli = true, disk = true }: {
    readonly theirs?: Credentials;
    readonly printed?: Readonly<Record<string, string>>;
    readonly awsCli?: boolean;
    readonly disk?: boolean;
  } = {},
) {
  const clock = new VirtualClock(start);
  const events: string[] = [];
  const put: unknown[] = [];
  const shared: SharedCall[] = [];
  const output = {
    ...{ Version: 1, AccessKeyId: "AKIAOTHER", SecretAccessKey: "other/secret" },
    ...printed,
  };
  const system = fakeSystem({
    clock,
    files: { [tokenFile]: tokenOf({ iss: "i", sub: "s", aud: "a" }) },
    program: () => {
      events.push("run");
      return { stdout: JSON.stringify(output), exit: 0 };
    },
  });
  const logger = {
    ...{ info: () => {}, warn: () => {}, error: () => {} },
    debug: (line: string) => void events.push(line),
  };
  const ports = {
    sts: {
      skewMs: () => 0,
      assumeRoleWithWebIdentity: () => {
        events.push("assume");
        return Promise.resolve(credentialsFor(3_600));
      },
    },
    ...{ now: () => clock.now(), logger, system },
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
    ...(awsCli
      ? {
        awsCliCache: {
          get: () => Promise.resolve(theirs),
          put: async (...args: unknown[]) => {
            await Promise.resolve();
            put.push(args);
          },
        },
      }
      : {}),
  };
  const credentials = new BaseCredentials(ports as never);
  const options = {
    ...{ signal: new AbortController().signal, mark: { id: "log", last: 1 } },
    beforeFetch: () => void events.push("before"),
  };
  return { clock, events, put, shared, credentials, options, system };
}

Deno.test("what has no times of its own begins when it was fetched, and never ends", async () => {
  const { credentials, options, events, clock } = setUp();
  clock.jump(5_000);
  const found = await credentials.credentials(program, options);
  assertEquals(found.StartTime, new Date(start + 5_000));
  assert(found.Expiration.getTime() > Date.UTC(2100, 0, 1));
  assertEquals(found.SessionToken, "");
  assertEquals(events, ["before", "fetch: the profile names a program", "run"]);
});

Deno.test("the times that a source gives are kept", async () => {
  const Expiration = "2026-01-01T01:00:00Z";
  const { credentials, options } = setUp({ printed: { Expiration, SessionToken: "t" } });
  const found = await credentials.credentials(program, options);
  assertEquals([found.Expiration, found.SessionToken], [new Date(Expiration), "t"]);
});

Deno.test("what is asked for anew is fetched although it is fresh", async () => {
  const { credentials, options, events } = setUp();
  const first = await credentials.credentials(program, options);
  assert(await credentials.credentials(program, options) === first);
  assert(await credentials.credentials(program, { ...options, renew: true }) !== first);
  assertEquals(events.filter((event) => event === "run").length, 2);
});

const own = { ...program, awsCli: { roleArn: "arn:dev" } } as never as SourceStep;

Deno.test("the AWS CLI gets what was fetched, and keeps what was its own", async () => {
  const none = setUp();
  const made = await none.credentials.credentials(own, none.options);
  assertEquals(none.put, [[
    { roleArn: "arn:dev" },
    made,
    { profile: "kim", mark: none.options.mark },
  ]]);
  const theirs = setUp({ theirs: credentialsFor(3_600) });
  assertEquals(
    await theirs.credentials.credentials(own, theirs.options),
    credentialsFor(3_600),
  );
  assertEquals([theirs.put, theirs.events], [[], []]);
  // Even theirs are made anew on request, and handed on.
  const renewed = await theirs.credentials.credentials(own, { ...theirs.options, renew: true });
  assertEquals([renewed.AccessKeyId, theirs.put.length], ["AKIAOTHER", 1]);
  // What a source gives again is in their cache by now.
  const same = setUp({
    theirs: credentialsFor(3_600),
    printed: { AccessKeyId: credentialsFor(1).AccessKeyId, SessionToken: "t" },
  });
  await same.credentials.credentials(own, { ...same.options, renew: true });
  assertEquals([same.put, same.events.at(-1)], [[], "run"]);
  const without = setUp({ awsCli: false });
  await without.credentials.credentials(own, without.options);
  assertEquals(without.events.at(-1), "run");
});

Deno.test("a role of a web identity is shared on disk by whose token it is; a program's keys are not", async () => {
  const { credentials, options, shared, events } = setUp({ awsCli: false });
  await credentials.credentials(program, options);
  assertEquals(shared, []);
  const asked = { ...options, renew: true };
  assertEquals(await credentials.credentials(web, asked), credentialsFor(3_600));
  assertEquals(events.slice(-3), ["before", "fetch: a file", "assume"]);
  const [call] = shared;
  assertEquals([call?.profile, call?.renew, call?.mark?.()], ["web", true, options.mark]);
  assertEquals(call?.subject, {
    base: { ...web, settings: { ...web.settings, identity: '["i","s","a"]' } },
    roles: [],
  });
});

Deno.test("without a cache on disk, what is fetched is kept in memory alone", async () => {
  const { credentials, options, events } = setUp({ disk: false });
  const first = await credentials.credentials(web, options);
  assert(await credentials.credentials(web, options) === first);
  assertEquals(events.filter((event) => event === "assume").length, 1);
});

Deno.test("settled() waits for what is being fetched", async () => {
  const { credentials, options, system } = setUp();
  const read = Promise.withResolvers<string | undefined>();
  system.files.readText = () => read.promise;
  const order: string[] = [];
  const fetched = credentials.credentials(web, options).then(() => order.push("fetched"));
  const settled = credentials.settled().then(() => order.push("settled"));
  await settle();
  assertEquals(order, []);
  read.resolve(tokenOf({}));
  await Promise.all([fetched, settled]);
  assertEquals(order.length, 2);
});
