/**
 * What stsaval sends about sessions, beside what botocore sends for the same: read from the emulator's call log.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type EmulatorCall, sampleWorld } from "../../src/testing/mod.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { runInHome, startMoto } from "./moto_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";

const role = "CodeDeployRole-qa";
const roleArn = `arn:aws:iam::123456789012:role/${role}`;
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",' +
  '"Resource":"arn:aws:s3:::büro/*"}]}';

const sample = sampleWorld();
const world = { ...sample, roles: sample.roles.map((one) => ({ ...one, requireMfa: false })) };

/** A client with the user's keys, and one with those of a response. */
const prelude = `
import os, boto3
session = boto3.Session(profile_name="IAM_USER1")
user = session.client("sts")
role = "${roleArn}"
policy = ${JSON.stringify(policy)}

def client_of(answer):
    keys = answer["Credentials"]
    return boto3.client(
        "sts", region_name="us-east-1", endpoint_url=os.environ["EMULATOR_URL"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
`;

async function startBench(): Promise<PeerBench> {
  const bench = await startEmulator({ world });
  const config = `${bench.home}/.aws/config`;
  const text = await Deno.readTextFile(config);
  // Without a code: only what is sent about the session matters here.
  await Deno.writeTextFile(config, text.replaceAll(/^mfa_serial = .*\n/gm, ""));
  return bench;
}

/** The calls that the work makes of an operation. */
async function callsOf(
  bench: PeerBench,
  operation: string,
  work: () => Promise<void>,
): Promise<readonly EmulatorCall[]> {
  const before = bench.emulator.calls.length;
  await work();
  return bench.emulator.calls.slice(before).filter((call) => call.operation === operation);
}

async function byStsaval(bench: PeerBench, words: readonly string[]): Promise<void> {
  const own = { DENO_DIR: denoFolder(), NO_COLOR: "1" };
  const made = await bench.run(Deno.execPath(), sourceArgs(["process", role, ...words]), own);
  assertEquals([made.code, made.stderr], [0, ""]);
}

async function byBotocore(bench: PeerBench, script: string): Promise<void> {
  const made = await bench.run("python3", ["-c", prelude + script], { EMULATOR_URL: bench.url });
  assertEquals([made.code, made.stderr], [0, ""]);
}

/** What was sent about the session; how long and under what name is each program's own affair. */
function sent(calls: readonly EmulatorCall[]) {
  return calls.map(({ roleArn: arn, session, outcome }) => ({ arn, session, outcome }));
}

const pairs: readonly (readonly [what: string, words: readonly string[], script: string])[] = [
  ["a policy", ["--policy", policy], "Policy=policy"],
  [
    "managed policies",
    ["--policy-arn", readOnly, "--policy-arn", "arn:aws:iam::aws:policy/SecurityAudit"],
    `PolicyArns=[{"arn": "${readOnly}"}, {"arn": "arn:aws:iam::aws:policy/SecurityAudit"}]`,
  ],
  [
    "tags and a source identity",
    ["--tag", "team=web", "--tag", "cost center=ä 1=2", "--source-identity", "kim@example.com"],
    `Tags=[{"Key": "team", "Value": "web"}, {"Key": "cost center", "Value": "ä 1=2"}], SourceIdentity="kim@example.com"`,
  ],
];

for (const [what, words, script] of pairs) {
  Deno.test(`botocore sends the same as stsaval for ${what}`, async () => {
    await using bench = await startBench();
    const ours = await callsOf(bench, "AssumeRole", () => byStsaval(bench, words));
    const theirs = await callsOf(
      bench,
      "AssumeRole",
      () => byBotocore(bench, `user.assume_role(RoleArn=role, RoleSessionName="x1", ${script})`),
    );
    assertEquals(sent(ours).length, 1);
    assert(ours[0]?.session !== undefined);
    assertEquals(sent(ours), sent(theirs));
  });
}

Deno.test("botocore sends the same as stsaval for the keys of a profile", async () => {
  await using bench = await startBench();
  const path = `${bench.home}/.aws/config`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(`${bench.home}/.aws/agent.json`, policy);
  const settings = `policy = agent.json\npolicy_arns = ${readOnly}\n` +
    "session_tags = team=web\ntransitive_session_tags = team\nsource_identity = kim\n";
  await Deno.writeTextFile(path, text.replace(`[profile ${role}]\n`, `$&${settings}`));
  const ours = await callsOf(bench, "AssumeRole", () => byStsaval(bench, []));
  const theirs = await callsOf(bench, "AssumeRole", () =>
    byBotocore(
      bench,
      `user.assume_role(RoleArn=role, RoleSessionName="x1", Policy=policy, PolicyArns=[{"arn": "${readOnly}"}],
    Tags=[{"Key": "team", "Value": "web"}], TransitiveTagKeys=["team"], SourceIdentity="kim")`,
    ));
  assertEquals(sent(ours).length, 1);
  assertEquals(sent(ours), sent(theirs));
});

Deno.test("botocore sends the same as stsaval for a scoped copy", async () => {
  await using bench = await startBench();
  const known = await bench.run("python3", [
    "-c",
    "import boto3; print(hasattr(boto3.client('sts', region_name='us-east-1'), 'get_scoped_credentials'))",
  ]);
  assertEquals(known.stdout.trim(), "True", "botocore 1.44.8 or newer is needed");
  const words = ["--scope", policy, "--scope-for", "10m", "--scope-description", "nightly report"];
  const ours = await callsOf(bench, "GetScopedCredentials", () => byStsaval(bench, words));
  const theirs = await callsOf(bench, "GetScopedCredentials", () =>
    byBotocore(
      bench,
      `client_of(user.assume_role(RoleArn=role, RoleSessionName="x1")).get_scoped_credentials(
    Policy=policy, DurationSeconds=600, ScopedSessionDescription="nightly report")`,
    ));
  assertEquals(sent(ours).length, 1);
  assertEquals(sent(ours), sent(theirs));
});

Deno.test("moto as STS: it takes a policy, managed policies, tags and a source identity, and keeps the policy", async () => {
  await using moto = await startMoto();
  const text =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
  const words = [
    ...["creds", "Deploy", "--mfa-code", "123456", "--no-cache", "--policy", text],
    ...["--policy-arn", readOnly, "--tag", "team=web", "--source-identity", "kim"],
  ];
  const made = await runInHome(moto.home, Deno.execPath(), sourceArgs(words), {
    DENO_DIR: denoFolder(),
  });
  assertEquals([made.code, made.stderr], [0, ""]);
  const { sts } = await (await fetch(`${moto.url}/moto-api/data.json`)).json();
  const [assumed] = sts.AssumedRole;
  assertEquals([assumed.session_name, assumed.policy], ["sts-Deploy", text]);
});
