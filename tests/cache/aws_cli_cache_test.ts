import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Logger } from "../../src/logger.ts";
import { silentLogger } from "../../src/logger.ts";
import type { AwsCliEntry, AwsCliRole } from "../../src/plan.ts";
import { awsCliKey, createAwsCliCache } from "../../src/cache/aws_cli_cache.ts";
import { fakeSystem, type FakeSystemParts } from "../fake_system.ts";
import { credentialsFor, start } from "../session/fixtures.ts";

const folder = "/home/kim/.aws/cli/cache";
const origin = { profile: "DynamoDBRole-dev", mark: undefined };
const role: AwsCliRole = {
  roleArn: "arn:aws:iam::123456789012:role/DynamoDBRole-dev",
  mfaSerial: "arn:aws:iam::123456789012:mfa/IAM_USER1",
};

/** Made by botocore 1.43.11 for a profile with exactly these settings. */
const botocoreKeys: readonly [AwsCliEntry, string][] = [
  [{ roleArn: role.roleArn ?? "" }, "7141d702e76b77a8be1c704ffe2b27abbd1e16dc"],
  [role, "46df286d9606961b82dc76b747c884d0e3b46cc0"],
  [
    {
      ...role,
      durationSeconds: 43_200,
      externalId: 'a"b\\c/d\u007fé😀',
      roleSessionName: "kim@host",
    },
    "d955edd5250217a01f5cc2302b7b610bb6d6cbcf",
  ],
  [
    { accountId: "123456789012", roleName: "Admin", sessionName: "my-sso" },
    "c30b99aca80d8f5b3178e353f05b2abcc9a4ccd3",
  ],
  [
    {
      accountId: "123456789012",
      roleName: "Admin",
      startUrl: "https://d-abc123.awsapps.com/start",
    },
    "e584281fb1427cad6a1b4c7fb555a3d13a93ace6",
  ],
];

function setUp(parts: FakeSystemParts = {}, skewMs?: () => number) {
  const system = fakeSystem(parts);
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  return { ...system, warnings, cache: createAwsCliCache({ ...system, logger, skewMs }) };
}

async function fileOf(role: AwsCliRole): Promise<string> {
  return `${folder}/${await awsCliKey(role)}.json`;
}

function answer(end: string, parts: Record<string, unknown> = {}): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentialsFor(3_600);
  return JSON.stringify({
    Credentials: { AccessKeyId, SecretAccessKey, SessionToken, Expiration: end, ...parts },
    AssumedRoleUser: { AssumedRoleId: "AROA:botocore-session-1", Arn: "arn:aws:sts::…" },
    ResponseMetadata: { RequestId: "1", HTTPStatusCode: 200, HTTPHeaders: {}, RetryAttempts: 0 },
  });
}

Deno.test({
  name: "awsCliKey() is botocore's key",
  permissions: "none",
  async fn() {
    for (const [role, key] of botocoreKeys) assertEquals(await awsCliKey(role), key);
  },
});

Deno.test({
  name: "what is put comes back, in a file of 0600 with the end as botocore writes it",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp();
    const path = await fileOf(role);
    await cache.put(role, credentialsFor(3_600), origin);
    assertEquals(files.modes.get(path), 0o600);
    assertEquals(JSON.parse(await files.readText(path) ?? ""), {
      Credentials: {
        AccessKeyId: "ASIAEXAMPLEEXAMPLE7Q",
        SecretAccessKey: "the/secret+access=key",
        SessionToken: "the//session++token==",
        Expiration: "2026-01-01T01:00:00UTC",
        AccountId: "123456789012",
      },
      stsaval: { profile: origin.profile, roleArn: role.roleArn },
    });
    files.said.set(path, { modified: start });
    assertEquals(await cache.get(role), credentialsFor(3_600));
    assertEquals(await cache.get({ ...role, durationSeconds: 900 }), undefined);
  },
});

Deno.test({
  name: "get() reads the ends that versions of the AWS CLI write",
  permissions: "none",
  async fn() {
    const ends = ["2026-01-01T01:00:00UTC", "2026-01-01T01:00:00Z", "2026-01-01T01:00:00+00:00"];
    for (const end of ends) {
      const path = await fileOf(role);
      const { cache, files } = setUp({ files: { [path]: answer(end) } });
      files.said.set(path, { modified: start, mode: 0o600 });
      files.said.set(folder, { mode: 0o755 });
      assertEquals(await cache.get(role), credentialsFor(3_600), end);
    }
  },
});

Deno.test({
  name: "get() gives nothing with 15 minutes left or less, as the AWS CLI itself does not",
  permissions: "none",
  async fn() {
    const { cache, clock } = setUp();
    await cache.put(role, credentialsFor(3_600), origin);
    await clock.advance(45 * 60_000 - 1);
    assert(await cache.get(role) !== undefined);
    await clock.advance(1);
    assertEquals(await cache.get(role), undefined);

    const behind = setUp({}, () => 45 * 60_000);
    await behind.cache.put(role, credentialsFor(3_600), origin);
    assertEquals(await behind.cache.get(role), undefined);
  },
});

Deno.test({
  name: "a file that holds no role is a miss, and said",
  permissions: "none",
  async fn() {
    const path = await fileOf(role);
    const bad = [
      "",
      "{",
      "[]",
      "{}",
      '{"Credentials":"x"}',
      answer("soon"),
      answer("2026-01-01T01:00:00Z", { Expiration: 1 }),
      answer("2026-01-01T01:00:00Z", { SessionToken: undefined }),
    ];
    for (const text of bad) {
      const { cache, warnings } = setUp({ files: { [path]: text } });
      assertEquals(await cache.get(role), undefined, text);
      assertEquals(warnings, [
        `cache: "${path}" is not used: it holds no credentials of a role`,
      ]);
    }
  },
});

Deno.test({
  name: "a file that others may read, or a folder that they may write to, is refused and said",
  permissions: "none",
  async fn() {
    const path = await fileOf(role);
    for (const [what, mode] of [[path, 0o644], [folder, 0o775]] as const) {
      const { cache, files, warnings } = setUp();
      await cache.put(role, credentialsFor(3_600), origin);
      files.said.set(what, { mode });
      assertEquals(await cache.get(role), undefined);
      assertStringIncludes(warnings[0] ?? "", `"${what}" is not used: other users have access`);
    }
  },
});

Deno.test({
  name: "the home may be that of Windows",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp({ env: { HOME: "", USERPROFILE: "C:\\kim" } });
    await cache.put(role, credentialsFor(3_600), origin);
    const [path] = files.contents.keys();
    assertEquals(path?.startsWith("C:\\kim/.aws/cli/cache/"), true);
  },
});

Deno.test({
  name: "without a home nothing is read or written",
  permissions: "none",
  async fn() {
    const { files } = setUp();
    const homeless = createAwsCliCache({
      ...fakeSystem(),
      files,
      env: { get: () => undefined },
      logger: silentLogger,
    });
    await homeless.put(role, credentialsFor(3_600), origin);
    assertEquals(await homeless.get(role), undefined);
    assertEquals(files.contents.size, 0);
  },
});

/** Remembers what it is asked, and says what it is told to. */
function loggedOut(answers: readonly boolean[]) {
  const asked: unknown[] = [];
  return {
    asked,
    isLoggedOut: (mark: unknown, owner: unknown) =>
      Promise.resolve(answers[asked.push([mark, owner]) - 1] ?? false),
  };
}

Deno.test({
  name: "put() keeps nothing that was logged out before it, or while it wrote",
  permissions: "none",
  async fn() {
    const mark = { id: "log", last: 1 };
    const owner = { profile: "dev", operation: "AssumeRole", roleArn: role.roleArn };
    for (
      const [answers, count, kept] of [
        [[true], 1, 0],
        [[false, true], 2, 0],
        [[false, false], 2, 1],
      ] as const
    ) {
      const { asked, isLoggedOut } = loggedOut(answers);
      const system = fakeSystem();
      const cache = createAwsCliCache({ ...system, logger: silentLogger, isLoggedOut });
      await cache.put(role, credentialsFor(3_600), { profile: "dev", mark });
      assertEquals(asked, Array(count).fill([mark, owner]));
      assertEquals(system.files.contents.size, kept, String(answers));
    }
  },
});

Deno.test({
  name: "logOut() removes what stsaval stored for the scopes, and nothing of the AWS CLI or others",
  permissions: "none",
  async fn() {
    const roleOf = (name: string) => ({ roleArn: `arn:aws:iam::123456789012:role/${name}` });
    const { cache, files } = setUp();
    const scope = { named: [], profiles: [], roleArns: [], users: [] };
    assertEquals(await cache.logOut("all"), { removed: 0, left: 0 });
    await cache.put(roleOf("dev"), credentialsFor(3_600), { profile: "dev", mark: undefined });
    await cache.put(roleOf("qa"), credentialsFor(3_600), { profile: "qa", mark: undefined });
    await cache.put(roleOf("prod"), credentialsFor(3_600), { profile: "prod", mark: undefined });
    const stored = [...files.contents.keys()];
    const own = (name: string) => `${folder}/${name.repeat(40)}.json`;
    const others = {
      [own("a")]: answer("2026-01-01T01:00:00Z"),
      [own("b")]: '{"stsaval":{"profile":"dev"}}',
      [own("c")]: '{"stsaval":{"roleArn":"arn:aws:iam::123456789012:role/dev"}}',
      [own("d")]: "{",
      [`${folder}/session.db`]: '{"stsaval":{"profile":"dev","roleArn":"x"}}',
    };
    for (const [path, text] of Object.entries(others)) await files.replaceText(path, text);
    assertEquals(await cache.logOut([{ ...scope, profiles: ["dev"] }]), { removed: 1, left: 0 });
    assertEquals(
      await cache.logOut([{ ...scope, roleArns: [roleOf("qa").roleArn] }]),
      { removed: 1, left: 0 },
    );
    assertEquals([...files.contents.keys()], [...stored.slice(2), ...Object.keys(others)]);
    const remove = files.remove.bind(files);
    files.remove = () => Promise.reject(new Error("permission denied"));
    assertEquals(await cache.logOut("all"), { removed: 0, left: 1 });
    files.remove = remove;
    assertEquals(await cache.logOut("all"), { removed: 1, left: 0 });
    assertEquals([...files.contents.keys()], Object.keys(others));
  },
});

Deno.test({
  name: "without a home there is nothing to log out, and what is missing is no warning",
  permissions: "none",
  async fn() {
    const ports = { ...fakeSystem(), env: { get: () => undefined }, logger: silentLogger };
    assertEquals(await createAwsCliCache(ports).logOut("all"), { removed: 0, left: 0 });
    const { cache, warnings } = setUp();
    assertEquals([await cache.get(role), warnings], [undefined, []]);
    // A file that can be read is no reason to warn, and one whose time is not known began with 1970.
    await cache.put(role, credentialsFor(3_600), origin);
    assertEquals((await cache.get(role))?.StartTime, new Date(0));
    assertEquals(warnings, []);
  },
});

Deno.test({
  name:
    "a role of IAM Identity Center is stored as `aws sso logout` looks for it, and is logged out",
  permissions: "none",
  async fn() {
    const ssoRole = { accountId: "123456789012", roleName: "Admin", sessionName: "my-sso" };
    const { asked, isLoggedOut } = loggedOut([false, false]);
    const system = fakeSystem();
    const cache = createAwsCliCache({ ...system, logger: silentLogger, isLoggedOut });
    await cache.put(ssoRole, credentialsFor(3_600), { profile: "sso-dev", mark: undefined });
    assertEquals(asked, Array(2).fill([undefined, { profile: "sso-dev", operation: "sso" }]));
    const path = `${folder}/${await awsCliKey(ssoRole)}.json`;
    assertEquals(JSON.parse(await system.files.readText(path) ?? ""), {
      ProviderType: "sso",
      Credentials: {
        AccessKeyId: "ASIAEXAMPLEEXAMPLE7Q",
        SecretAccessKey: "the/secret+access=key",
        SessionToken: "the//session++token==",
        Expiration: "2026-01-01T01:00:00Z",
        AccountId: "123456789012",
      },
      stsaval: { profile: "sso-dev" },
    });
    assertEquals((await cache.get(ssoRole))?.AccessKeyId, "ASIAEXAMPLEEXAMPLE7Q");
    const scope = { named: [], roleArns: [], users: [] };
    const logOut = (profile: string) => cache.logOut([{ ...scope, profiles: [profile] }]);
    assertEquals(await logOut("other"), { removed: 0, left: 0 });
    assertEquals(await logOut("sso-dev"), { removed: 1, left: 0 });
    assertEquals(await cache.get(ssoRole), undefined);
  },
});
