import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { ProfileError, SourceError, StsavalError, UsageError } from "../../../src/errors.ts";
import { type Machine, machineArn, onTop, rolesOn, startMachine } from "./fixtures.ts";

const config = rolesOn("Ec2InstanceMetadata");
const name = "LambdaRole-dev";
const token = "http://169.254.169.254/latest/api/token";
const roles = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

/** The requests of one fetch, without those to STS. */
async function fetched({ system, requests }: Machine): Promise<readonly string[]> {
  await using core = new StsCore({ system });
  const result = core.generateCredentials([name]);
  const passing = system.clock.advance(5_000);
  await result;
  await passing;
  return requests.filter((request) => request.includes("169.254"));
}

/** The error of a fetch. */
async function failure({ system }: Machine): Promise<Error> {
  await using core = new StsCore({ system });
  const result = core.generateCredentials([name]);
  const passing = system.clock.advance(10_000);
  const error = await assertRejects(() => result, StsavalError);
  await passing;
  return error;
}

Deno.test("three roles on top of an instance: one token, one role, three AssumeRole", async () => {
  const { emulator, system } = startMachine("instance", { config });
  await using core = new StsCore({ system });
  await core.generateCredentials(onTop);
  assertEquals(emulator.count("GetMetadataToken", "ok"), 1);
  assertEquals(emulator.count("GetMetadataCredentials", "ok"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("version 2 comes first: a token, then the list, then the role", async () => {
  const at = startMachine("instance", { config, instance: { requiresToken: true } });
  assertEquals(await fetched(at), [`PUT ${token}`, `GET ${roles}`, `GET ${roles}Machine`]);
  assertEquals(at.headers[0]?.get("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
});

Deno.test("where the token is lost on its way, version 1 is asked after a second", async () => {
  const at = startMachine("instance", { config, instance: { losesTokens: true } });
  const begun = at.system.clock.now();
  assertEquals(await fetched(at), [`PUT ${token}`, `GET ${roles}`, `GET ${roles}Machine`]);
  const call = at.emulator.calls.find(({ operation }) => operation === "ListMetadataRoles");
  assertEquals((call?.at ?? 0) - begun, 1_000);
});

Deno.test("a token request that fails for a moment is tried again before version 1 is asked", async () => {
  let failures = 2;
  const at = startMachine("instance", {
    config,
    env: { AWS_EC2_METADATA_V1_DISABLED: "true" },
    fetch: ({ method }) =>
      method === "PUT" && failures-- > 0
        ? Promise.resolve(new Response("", { status: failures === 1 ? 503 : 429 }))
        : undefined,
  });
  assertEquals(await fetched(at), [
    ...[`PUT ${token}`, `PUT ${token}`, `PUT ${token}`],
    ...[`GET ${roles}`, `GET ${roles}Machine`],
  ]);
});

for (const status of [403, 404, 405]) {
  Deno.test(`version 1 is asked where the token request is HTTP ${status}`, async () => {
    const at = startMachine("instance", {
      config,
      fetch: ({ method }) =>
        method === "PUT" ? Promise.resolve(new Response("", { status })) : undefined,
    });
    assertEquals((await fetched(at)).length, 3);
  });
}

const disabling: readonly (readonly [what: string, env: Record<string, string>, more: string])[] = [
  ["the environment", { AWS_EC2_METADATA_V1_DISABLED: "true" }, ""],
  ["the profile", {}, "ec2_metadata_v1_disabled = true\n"],
];

for (const [what, env, more] of disabling) {
  Deno.test(`version 1 is not asked where ${what} disables it`, async () => {
    const first = config.slice(0, config.indexOf("[profile", 5));
    const instance = { losesTokens: true };
    const at = startMachine("instance", { config: first + more, env, instance });
    const error = await failure(at);
    assertStringIncludes(error.message, "version 1 is disabled: no response within 1 s");
    assertEquals(at.requests, [`PUT ${token}`]);
  });
}

Deno.test("a profile that allows version 1 does not override the environment", async () => {
  const first = config.slice(0, config.indexOf("[profile", 5));
  const at = startMachine("instance", {
    config: `${first}ec2_metadata_v1_disabled = false\n`,
    env: { AWS_EC2_METADATA_V1_DISABLED: "TRUE" },
    instance: { losesTokens: true },
  });
  assertStringIncludes((await failure(at)).message, "version 1 is disabled");
});

Deno.test("a token that was forgotten is replaced by a new one, once", async () => {
  let forgotten = false;
  const at = startMachine("instance", {
    config,
    instance: { requiresToken: true },
    fetch: ({ url }) => {
      if (url === roles && !forgotten) {
        forgotten = true;
        at.emulator.forgetMetadataTokens();
      }
      return undefined;
    },
  });
  assertEquals(await fetched(at), [
    ...[`PUT ${token}`, `GET ${roles}`, `PUT ${token}`, `GET ${roles}`],
    `GET ${roles}Machine`,
  ]);
});

Deno.test("credentials that have ended are used for 5 to 10 minutes more, with a warning", async () => {
  const warnings: string[] = [];
  const at = startMachine("instance", { instance: { givesEnded: true } });
  await using core = new StsCore({
    system: at.system,
    logger: {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (text) => void warnings.push(text),
    },
  });
  const set = await core.generateCredentials(["instance-metadata"]);
  const credentials = set["sts-instance-metadata"];
  const left = credentials.Expiration.getTime() - at.system.clock.now();
  assert(left >= 300_000 && left <= 600_000, `${left}`);
  assertStringIncludes(warnings.join("\n"), "gave credentials that ended at 2025-12-31T23:00:00");
});

const refusals: readonly (readonly [what: string, options: object, text: string])[] = [
  ["no role", { instance: { hasNoRole: true } }, "the instance has no role"],
  ["a service that is turned off", { instance: { isDisabled: true } }, "HTTP 403"],
  ["a bad request", {
    fetch: ({ method }: Request) =>
      method === "PUT" ? Promise.resolve(new Response("bad", { status: 400 })) : undefined,
  }, "it responded with HTTP 400 (bad)"],
  ["a redirect", {
    fetch: () =>
      Promise.resolve(new Response("", { status: 302, headers: { location: "http://x/" } })),
  }, "redirects (HTTP 302)"],
  ["a code that is no success", {
    fetch: ({ url }: Request) =>
      url === `${roles}Machine`
        ? Promise.resolve(
          new Response('{"Code":"AssumeRoleUnauthorizedAccess","Message":"not trusted"}'),
        )
        : undefined,
  }, "AssumeRoleUnauthorizedAccess: not trusted"],
  ["a role that leads elsewhere", {
    fetch: ({ url }: Request) =>
      url === roles ? Promise.resolve(new Response("../../../user-data")) : undefined,
  }, "names no role"],
];

for (const [what, options, wanted] of refusals) {
  Deno.test(`${what} is told in words`, async () => {
    const at = startMachine("instance", { config, ...options });
    const error = await failure(at);
    assert(error instanceof SourceError);
    assertStringIncludes(error.message, wanted);
  });
}

Deno.test("a token that a response repeats is masked, however short and plain it is", async () => {
  const at = startMachine("instance", {
    config,
    fetch: ({ method }) =>
      Promise.resolve(
        method === "PUT"
          ? new Response("plain words")
          : new Response("no such token: plainwords", { status: 418 }),
      ),
  });
  // A token is one word.
  const words = await failure(at);
  assertStringIncludes(words.message, "no text that a header can hold");
  const other = startMachine("instance", {
    config,
    fetch: ({ method }) =>
      Promise.resolve(
        method === "PUT"
          ? new Response("plainwords")
          : new Response("no such token: plainwords", { status: 418 }),
      ),
  });
  assertStringIncludes((await failure(other)).message, "HTTP 418 (no such token: ********)");
});

Deno.test("a service that is silent altogether costs two seconds", async () => {
  const at = startMachine("instance", {
    config,
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await failure(at);
  assertEquals(at.requests, [`PUT ${token}`, `GET ${roles}`]);
});

Deno.test("a profile cannot use an instance that AWS_EC2_METADATA_DISABLED hides", async () => {
  const at = startMachine("instance", { config, env: { AWS_EC2_METADATA_DISABLED: "true" } });
  const error = await failure(at);
  assert(error instanceof ProfileError);
  assertEquals(at.requests, []);
});

Deno.test("where no instance answers, the last link costs a quarter of a second", async () => {
  const at = startMachine("instance", {
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await using core = new StsCore({ system: at.system });
  const result = core.generateCredentials(["instance-metadata"]);
  const passing = at.system.clock.advance(250);
  const error = await assertRejects(() => result, UsageError);
  await passing;
  assertStringIncludes(error.message, "No profile given");
  assertEquals(at.requests.length, 1);
});

for (const status of [403, 404]) {
  Deno.test(`where HTTP ${status} comes in place of a role, the last link says that no profile is given`, async () => {
    const at = startMachine("instance", {
      fetch: () => Promise.resolve(new Response("", { status })),
    });
    await using core = new StsCore({ system: at.system });
    const error = await assertRejects(
      () => core.generateCredentials(["instance-metadata"]),
      UsageError,
    );
    assertStringIncludes(error.message, `has none: it responded with HTTP ${status}`);
  });
}

Deno.test("the last link gives the credentials of the instance", async () => {
  const { emulator, system } = startMachine("instance");
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["instance-metadata"]);
  const id = set["sts-instance-metadata"].AccessKeyId;
  assertStringIncludes(emulator.identityOf(id)?.arn ?? "", machineArn);
});
