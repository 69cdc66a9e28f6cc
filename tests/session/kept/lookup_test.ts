/**
 * Which lookups may be kept, and what they say.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { cacheKey } from "../../../src/cache/key.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolvePlans } from "../../../src/config/plan/plan.ts";
import { UsageError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/logger.ts";
import { lookupOf } from "../../../src/session/kept/lookup.ts";
import { configOptions } from "../../../src/session/plan_settings.ts";
import { FakeKeeper } from "../../cache/sealing/fake_keeper.ts";
import { fakeSystem } from "../../fake_system.ts";
import { credentialsFor, diskCache } from "../fixtures.ts";

const account = "arn:aws:iam::123456789012";
const { AccessKeyId } = credentialsFor(3_600);
const keys = `[kim]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;
const profileOf = (line: string) =>
  `[default]
region = eu-west-1
[profile first]
region = eu-west-2
role_arn = ${account}:role/First
source_profile = kim
mfa_serial = ${account}:mfa/kim
${line}
`;

/** What a home differs in. */
interface Home {
  /** A line that is added to the profile of the role when its credentials are in the cache. */
  readonly line?: string;
  readonly profile?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isSealed?: boolean;
  readonly isEmpty?: boolean;
}

/** A home whose cache holds the credentials of the profile. */
async function homeWith(
  { line = "", profile = "first", env = {}, isSealed = false, isEmpty = false }: Home = {},
) {
  const path = "/home/kim/.aws/config";
  const system = fakeSystem({
    env,
    files: { [path]: profileOf(""), "/home/kim/.aws/credentials": keys },
  });
  const { files, random } = system;
  const { plans: [plan] } = resolvePlans(
    await loadConfig(system, configOptions({})),
    [profile],
    { lifetimeIsDefault: true },
  );
  assert(plan !== undefined);
  const sealing = { keepers: new FakeKeeper(), random };
  const cache = diskCache({ ...system, logger: silentLogger, sealing });
  if (isSealed) await cache.seal(true);
  const key = await cacheKey(plan);
  if (!isEmpty) {
    await cache.put(key, {
      ...{ profile, operation: "AssumeRole", skewMs: 0, durationSeconds: 3_600 },
      credentials: credentialsFor(3_600),
    });
  }
  files.contents.set(path, profileOf(line));
  const get = async (accessKeyId = AccessKeyId) =>
    await lookupOf({ ...system, sealing }, profile, accessKeyId);
  return { system, key, get };
}

function offline(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

offline("a lookup names the cache's entry, what the plan ends with, and the region", async () => {
  const { key, get } = await homeWith();
  assertEquals(await get(), {
    ...{ profile: "first", region: "eu-west-2", key, last: "role", durationSeconds: 3_600 },
  });
  assertEquals(await get("ASIAANOTHER"), undefined, "other credentials than those of the cache");
  const session = await homeWith({ profile: "kim" });
  assertEquals(await session.get(), {
    ...{ profile: "kim", region: undefined, key: session.key },
    ...{ last: "session", durationSeconds: undefined },
  });
});

offline("a cache that is sealed, as the profile wants it, is looked into", async () => {
  const { key, get } = await homeWith({ isSealed: true, line: "seal_cache = true" });
  assertEquals((await get())?.key, key);
  const { get: plain } = await homeWith({ isSealed: false, line: "seal_cache = false" });
  assertEquals((await plain())?.last, "role");
  // A profile that says nothing leaves it as it is.
  const { get: silent } = await homeWith({ isSealed: true });
  assertEquals((await silent())?.last, "role");
});

const without: Readonly<Record<string, Home>> = {
  "the cache has none": { isEmpty: true },
  "the cache is to be sealed": { line: "seal_cache = true" },
  "the cache is to be sealed no longer": { isSealed: true, line: "seal_cache = false" },
  "the profile has certificates of its own": { line: "ca_bundle = /home/kim/ca.pem" },
  "the profile shares the AWS CLI's cache": { line: "share_aws_cache = true" },
  "the session is narrowed": { line: `policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess` },
  "the profile has a setting that is ignored": { line: "duraton_seconds = 900" },
  "the plan cannot be made": { line: "duration_seconds = soon" },
  "the endpoint is not secured": { line: "endpoint_url = http://example.com" },
};

for (const [why, home] of Object.entries(without)) {
  offline(`there is no lookup where ${why}`, async () => {
    assertEquals(await (await homeWith(home)).get(), undefined);
  });
}

offline("there is no lookup of a profile that is not there", async () => {
  const { system } = await homeWith();
  assertEquals(await lookupOf(system, "second", AccessKeyId).catch(() => undefined), undefined);
});

offline("there is no lookup where there is no folder for a cache", async () => {
  const { system } = await homeWith();
  const variables: Readonly<Record<string, string>> = {
    AWS_CONFIG_FILE: "/home/kim/.aws/config",
    AWS_SHARED_CREDENTIALS_FILE: "/home/kim/.aws/credentials",
  };
  const env = { get: (name: string) => variables[name] };
  assertEquals(await lookupOf({ ...system, env }, "first", AccessKeyId), undefined);
});

offline("a proxy that the program rejects is an error", async () => {
  const { get } = await homeWith({ env: { HTTPS_PROXY: "no proxy" } });
  await assertRejects(() => get(), UsageError);
});

offline(
  "an endpoint that cannot be used is no obstacle, as for the program: a hit calls none",
  async () => {
    const env = { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:4566" };
    const line = "[profile kim]\nregion = eu-west-1\nuse_fips_endpoint = true";
    const { get } = await homeWith({ profile: "kim", env, line });
    assertEquals((await get())?.last, "session");
  },
);
