/**
 * The cache that is shared with the AWS CLI, in both directions, with the AWS CLI itself.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Credentials } from "../../src/credentials.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { silentLogger } from "../../src/logger.ts";
import type { AwsCliRole } from "../../src/plan.ts";
import { awsCliKey, createAwsCliCache } from "../../src/cache/aws_cli_cache.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { typist } from "./typist.ts";

const profile = "DynamoDBRole-dev";
const roleArn = `arn:aws:iam::123456789012:role/${profile}`;
const whoAmI = ["sts", "get-caller-identity", "--profile", profile, "--output", "json"];

function cacheIn({ home }: PeerBench) {
  const env = { get: (name: string) => name === "HOME" ? home : undefined };
  return createAwsCliCache({ ...denoSystem, env, logger: silentLogger });
}

Deno.test("The AWS CLI takes a role from its cache that stsaval put there, without asking for the code", async () => {
  await using bench = await startEmulator();
  const { emulator, user } = bench;
  const [serial, code] = bench.freshMfa();
  const call = { keys: user, endpoint: {}, durationSeconds: 3_600, mfa: { serial, code } };
  const made = await emulator.service.assumeRole({ ...call, roleArn, roleSessionName: "sts-kim" });
  const credentials = new Credentials({ ...made, StartTime: new Date(denoSystem.clock.now()) });

  const before = await bench.run("aws", whoAmI);
  assert(before.code !== 0, "it must ask while its cache is empty");
  await cacheIn(bench).put({ roleArn, mfaSerial: serial }, credentials, {
    profile: "dev",
    mark: undefined,
  });
  const { code: status, stdout, stderr } = await bench.run("aws", whoAmI);
  assertEquals([status, stderr.trim()], [0, ""]);
  assertMatch(JSON.parse(stdout).Arn, /assumed-role\/DynamoDBRole-dev\/sts-kim$/);
  assertEquals(emulator.count("AssumeRole"), 1);
});

Deno.test("stsaval takes a role from the AWS CLI's cache that was assumed there with a typed code", async () => {
  await using bench = await startEmulator();
  const [mfaSerial, code] = bench.freshMfa();
  const typed = await bench.run("python3", ["-c", typist, code, "aws", ...whoAmI]);
  assertEquals(typed.code, 0, typed.stdout);
  const found = await cacheIn(bench).get({ roleArn, mfaSerial });
  assert(found !== undefined, "nothing was found in the cache");
  assertEquals(bench.emulator.identityOf(found.AccessKeyId)?.arn.includes(profile), true);
  assert(found.StartTime.getTime() < found.Expiration.getTime());
  assertEquals(bench.emulator.count("AssumeRole", "ok"), 1);
});

const keysOfBotocore = `
import json, sys
try:
    from botocore.credentials import AssumeRoleCredentialFetcher
except ImportError:
    sys.exit(3)
def key(role):
    names = {"durationSeconds": "DurationSeconds", "externalId": "ExternalId",
             "roleSessionName": "RoleSessionName", "mfaSerial": "SerialNumber"}
    extra = {names[name]: value for name, value in role.items() if name != "roleArn"}
    return AssumeRoleCredentialFetcher(None, None, role["roleArn"], extra_args=extra)._cache_key
json.dump([key(role) for role in json.loads(sys.argv[1])], sys.stdout)
`;

Deno.test("awsCliKey() is botocore's key for every combination of settings, and for every character", async () => {
  await using bench = await startEmulator();
  const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).join("");
  const settings: Omit<AwsCliRole, "roleArn"> = {
    durationSeconds: 900,
    externalId: `${characters}\u2028\ufffd😀`,
    roleSessionName: "kim=1,2@x.y-z",
    mfaSerial: "GAHT12345678",
  };
  const entries = Object.entries(settings);
  const roles: readonly AwsCliRole[] = Array.from({ length: 2 ** entries.length }, (_, bits) => ({
    roleArn,
    ...Object.fromEntries(entries.filter((_entry, index) => bits & (1 << index))),
  }));
  const { code, stdout, stderr } = await bench.run("python3", [
    "-c",
    keysOfBotocore,
    JSON.stringify(roles),
  ]);
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(stdout), await Promise.all(roles.map(awsCliKey)));
});
