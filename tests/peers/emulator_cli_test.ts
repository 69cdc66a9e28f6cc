/**
 * The AWS CLI against the emulator: its signatures are not ours, and neither is its reading of the answers.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { keysAsEnv, type PeerBench, startEmulator } from "./emulator_bench.ts";

const account = "123456789012";
const role = `arn:aws:iam::${account}:role/DynamoDBRole-dev`;

/** Runs `aws sts …` and gives what it printed. */
async function sts(bench: PeerBench, args: string[], env?: Record<string, string>) {
  const finished = await bench.run("aws", ["sts", ...args, "--output", "json"], env);
  assertEquals(finished.stderr.trim(), "");
  return JSON.parse(finished.stdout);
}

/** Runs `aws sts …` and gives its complaint, which must be one. */
async function complaint(bench: PeerBench, args: string[], env?: Record<string, string>) {
  const { code, stderr } = await bench.run("aws", ["sts", ...args], env);
  assertEquals(code === 0, false);
  return stderr.trim();
}

function placeOf({ url }: PeerBench): Record<string, string> {
  return { AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: "eu-west-1" };
}

function mfaArgs(bench: PeerBench): string[] {
  const [serial, code] = bench.freshMfa();
  return ["--serial-number", serial, "--token-code", code];
}

const asUser = ["--profile", "IAM_USER1"];
const assume = ["assume-role", "--role-arn", role, "--role-session-name", "sts-cli"];

Deno.test("The AWS CLI gets a session token with MFA and assumes a role that requires it", async () => {
  await using bench = await startEmulator();
  const session = await sts(bench, ["get-session-token", ...asUser, ...mfaArgs(bench)]);
  assertMatch(session.Credentials.Expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)$/);
  const env = { ...placeOf(bench), ...keysAsEnv(session.Credentials) };
  const assumed = await sts(bench, assume, env);
  const arn = `arn:aws:sts::${account}:assumed-role/DynamoDBRole-dev/sts-cli`;
  assertEquals(assumed.AssumedRoleUser.Arn, arn);
  const own = { ...env, ...keysAsEnv(assumed.Credentials) };
  assertEquals((await sts(bench, ["get-caller-identity"], own)).Arn, arn);
});

Deno.test("The AWS CLI assumes a role with MFA in the call, and chains to the next one", async () => {
  await using bench = await startEmulator();
  const first = await sts(bench, [...assume, ...asUser, ...mfaArgs(bench)]);
  const env = { ...placeOf(bench), ...keysAsEnv(first.Credentials) };
  const next = ["assume-role", "--role-arn", "arn:aws:iam::210987654321:role/Next"];
  const chain = [...next, "--role-session-name", "sts-next"];
  const second = await sts(bench, chain, env);
  assertEquals(
    second.AssumedRoleUser.Arn,
    "arn:aws:sts::210987654321:assumed-role/Next/sts-next",
  );
  assertStringIncludes(
    await complaint(bench, [...chain, "--duration-seconds", "3601"], env),
    "(ValidationError) when calling the AssumeRole operation: The requested DurationSeconds " +
      "exceeds the 1 hour session limit for roles assumed by role chaining.",
  );
});

Deno.test("The AWS CLI follows the sample home's profiles by itself", async () => {
  await using bench = await startEmulator();
  const { Arn } = await sts(bench, ["get-caller-identity", "--profile", "Next"]);
  assertMatch(Arn, /^arn:aws:sts::210987654321:assumed-role\/Next\/botocore-session-\d+$/);
  assertEquals(bench.emulator.calls.map(({ operation }) => operation), [
    "AssumeRole",
    "GetCallerIdentity",
  ]);
});

Deno.test("The AWS CLI shows a code that is wrong or was used before, and a role without MFA", async () => {
  await using bench = await startEmulator();
  const refused = "(AccessDenied) when calling the GetSessionToken operation: " +
    "MultiFactorAuthentication failed with invalid MFA one time pass code.";
  const mfa = mfaArgs(bench);
  await sts(bench, ["get-session-token", ...asUser, ...mfa]);
  assertStringIncludes(await complaint(bench, ["get-session-token", ...asUser, ...mfa]), refused);
  assertStringIncludes(
    await complaint(bench, [...assume, ...asUser]),
    `User: arn:aws:iam::${account}:user/IAM_USER1 is not authorized to perform: sts:AssumeRole on resource: ${role}`,
  );
});

Deno.test("The AWS CLI shows expired credentials and a wrong secret", async () => {
  await using bench = await startEmulator({ sessionSeconds: 60 });
  const session = await sts(bench, ["get-session-token", ...asUser]);
  const env = { ...placeOf(bench), ...keysAsEnv(session.Credentials) };
  await sts(bench, ["get-caller-identity"], env);
  assertStringIncludes(
    await complaint(bench, ["get-caller-identity"], { ...env, AWS_SECRET_ACCESS_KEY: "wrong" }),
    "(SignatureDoesNotMatch)",
  );
  bench.jump(60_000);
  assertStringIncludes(
    await complaint(bench, ["get-caller-identity"], env),
    "(ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
  );
});

Deno.test("The AWS CLI sees a dropped connection and throttling", async () => {
  await using bench = await startEmulator();
  bench.emulator.faults.push({ effect: { kind: "drop" } });
  assertMatch(
    await complaint(bench, ["get-caller-identity", ...asUser]),
    /Connection was closed|Could not connect|Connection aborted/,
  );
  bench.emulator.faults[0] = { effect: { kind: "throttle" } };
  assertStringIncludes(
    await complaint(bench, ["get-caller-identity", ...asUser]),
    "(Throttling) when calling the GetCallerIdentity operation",
  );
});
