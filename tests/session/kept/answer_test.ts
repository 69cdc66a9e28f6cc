/**
 * Which answer of `stsaval process` may be kept, and until when it is given.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { cacheKey } from "../../../src/cache/key.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans } from "../../../src/config/plan/plan.ts";
import { Credentials, neverEnds } from "../../../src/credentials.ts";
import { silentLogger } from "../../../src/logger.ts";
import type { CredentialPlan, RoleStep } from "../../../src/plan.ts";
import { keptAnswer, restsOnFilesAlone } from "../../../src/session/kept/answer.ts";
import { configOptions } from "../../../src/session/plan_settings.ts";
import { fakeSystem } from "../../fake_system.ts";
import { base, credentialsFor, diskCache, role, session, start } from "../fixtures.ts";

const account = "arn:aws:iam::123456789012";
const config = `[default]
region = eu-west-1
[profile first]
role_arn = ${account}:role/First
source_profile = kim
mfa_serial = ${account}:mfa/kim
`;
const keys = `[kim]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;

/** A home with a role, and a line more in its profile; `store` puts an entry of the role into the cache. */
async function homeWith(
  { line = "", skewMs = 0 }: {
    readonly line?: string;
    readonly skewMs?: number;
  } = {},
) {
  const system = fakeSystem({
    files: { "/home/kim/.aws/config": `${config}${line}`, "/home/kim/.aws/credentials": keys },
  });
  const found = await loadConfig(system, configOptions({}));
  const { plans: [plan] } = resolvePlans(found, ["first"], { lifetimeIsDefault: true });
  assert(plan !== undefined);
  const cache = diskCache({ ...system, logger: silentLogger });
  const store = async (credentials = credentialsFor(3_600.5)) =>
    await cache.put(await cacheKey(plan), {
      ...{ profile: "first", operation: "AssumeRole", skewMs, durationSeconds: 3_600 },
      credentials,
    });
  return { system, store, get: async () => await keptAnswer(system, "first") };
}

Deno.test("the answer is what the cache holds, on one line, and until a second before programs refresh it", async () => {
  const { store, get } = await homeWith();
  assertEquals(await get(), undefined, "the cache is empty");
  await store();
  const answer = await get();
  assert(typeof answer === "object");
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentialsFor(3_600.5);
  assertEquals(JSON.parse(answer.line), {
    ...{ Version: 1, AccessKeyId, SecretAccessKey, SessionToken },
    Expiration: Expiration.toISOString(),
  });
  assertEquals(answer.line, answer.line.trim());
  assertEquals(answer.freshUntil, start / 1_000 + 2_700 - 1);
});

Deno.test("an answer ends earlier by as much as this machine's clock is behind", async () => {
  const { store, get } = await homeWith({ skewMs: 180_000 });
  await store();
  const answer = await get();
  assert(typeof answer === "object");
  assertEquals(answer.freshUntil, start / 1_000 + 2_700 - 180 - 1);
});

Deno.test("no answer is kept of a profile that rests on more, comes with a notice, or is to be sealed", async () => {
  const lines = [
    ...["share_aws_cache = true"],
    ...["policy = {}", "scope_policy = s3-read:reports", "seal_cache = true"],
  ];
  for (const line of lines) {
    const { store, get } = await homeWith({ line });
    await store();
    assertEquals(await get(), "never", line);
  }
  const { system, get } = await homeWith({
    line: `[profile second]
role_arn = ${account}:role/Second
source_profile = first
duration_seconds = 7200
`,
  });
  assertEquals(await get(), undefined);
  assertEquals(await keptAnswer(system, "second"), "never");
  assertEquals(await keptAnswer(system, "nothing"), "never");
});

Deno.test("an answer is kept of a profile that wants the cache in the clear", async () => {
  const { store, get } = await homeWith({ line: "seal_cache = false" });
  await store();
  assertEquals(typeof await get(), "object");
});

Deno.test("no answer of a sealed cache is kept in the clear", async () => {
  const { system, store, get } = await homeWith();
  await store();
  const seal = { version: 1, keeper: "keyctl", keyId: "0123456789abcdef", note: "" };
  await system.files.replaceText("/home/kim/.aws/stsaval/seal.json", JSON.stringify(seal));
  assertEquals(await get(), "never");
});

Deno.test("no answer is kept that has no end, or does not fit on a line of ASCII", async () => {
  for (
    const fields of [
      { Expiration: new Date(neverEnds) },
      { SessionToken: "tökén" },
      { SessionToken: "to\u007fken" },
    ]
  ) {
    const { store, get } = await homeWith();
    const { StartTime, Expiration, ...rest } = credentialsFor(3_600);
    await store(new Credentials({ ...rest, StartTime, Expiration, ...fields }));
    assertEquals(await get(), "never", Object.keys(fields).join());
  }
});

Deno.test("without a folder for the cache there is no answer", async () => {
  const { system } = await homeWith();
  const files = "/home/kim/.aws";
  const variables = {
    AWS_CONFIG_FILE: `${files}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${files}/credentials`,
  };
  const env = { get: (name: string) => (variables as Record<string, string>)[name] };
  assertEquals(await keptAnswer({ ...system, env }, "first"), undefined);
});

Deno.test("what a plan rests on beside the files is seen in every part of it", () => {
  const plan: CredentialPlan = {
    ...{ profile: "a", base, session, roles: [role, role], notices: [] },
    sessionReason: "the role wants MFA",
  };
  assertEquals(restsOnFilesAlone(plan), true);
  assertEquals(restsOnFilesAlone({ ...plan, roles: [] }), true);
  const settings: RoleStep = { ...role, mfaSerial: "s", mfaProcess: "p", mfaStore: "kim" };
  assertEquals(restsOnFilesAlone({ ...plan, roles: [settings] }), true);
  const tagged: RoleStep = { ...role, parameters: { sourceIdentity: "kim" } };
  const shared: RoleStep = { ...role, awsCli: { roleArn: role.roleArn } };
  const others: readonly Partial<CredentialPlan>[] = [
    { roles: [tagged, role] },
    { roles: [role, tagged] },
    { roles: [role, shared] },
    { base: { ...base, kind: "environment" } },
    { notices: ["AWS caps the duration"] },
    { scope: { kind: "get-scoped-credentials", profile: "a", endpoint: {}, reason: "r" } },
  ];
  for (const other of others) {
    assertEquals(restsOnFilesAlone({ ...plan, ...other }), false, JSON.stringify(other));
  }
});
