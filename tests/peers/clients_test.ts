/**
 * Real clients on top of stsaval: the AWS CLI and boto3 with `credential_process`, against moto; and the AWS CLI's own
 * roles, which one code serves for both programs.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Finished, type PeerBench, startEmulator } from "./emulator_bench.ts";
import { type MotoBench, runInHome, startMoto } from "./moto_bench.ts";
import { denoFolder } from "./source_program.ts";
import { stsavalWords } from "./stsaval_process.ts";
import { typist } from "./typist.ts";

const env = { DENO_DIR: denoFolder() };

/** A profile of the AWS SDKs that asks stsaval for the credentials of another. */
async function addClientProfile({ home, url }: MotoBench, name: string): Promise<void> {
  const words = stsavalWords(["process", "--profile", name]);
  const command = words.map((word) => `'${word}'`).join(" ");
  const lines = [
    `[profile ${name}-sdk]`,
    `credential_process = ${command}`,
    "region = eu-west-1",
    `endpoint_url = ${url}`,
  ];
  await Deno.writeTextFile(`${home}/.aws/config`, `\n${lines.join("\n")}\n`, { append: true });
}

function inMoto({ home }: MotoBench, words: readonly string[]): Promise<Finished> {
  const [program = "", ...args] = words;
  return runInHome(home, program, args, { ...env, AWS_EC2_METADATA_DISABLED: "true" });
}

Deno.test("credential_process: the AWS CLI and boto3 list what is in the role's account, after one login", async () => {
  await using moto = await startMoto();
  for (const name of ["Deploy", "Audit"]) await addClientProfile(moto, name);
  const aws = (profile: string, ...words: string[]) =>
    inMoto(moto, ["aws", ...words, "--profile", `${profile}-sdk`, "--output", "json"]);

  const before = await aws("Deploy", "s3api", "list-buckets");
  assert(before.code !== 0, "no code was given");
  assertStringIncludes(before.stderr, "run 'stsaval login Deploy' in a terminal first");

  const login = ["login", "--profile", "Deploy", "--mfa-code", "123456"];
  const { code, stderr } = await inMoto(moto, stsavalWords(login));
  assertEquals([code, stderr], [0, ""]);
  const bucket = ["s3api", "create-bucket", "--bucket", "of-deploy"];
  const made = await aws(
    "Deploy",
    ...bucket,
    "--create-bucket-configuration",
    "LocationConstraint=eu-west-1",
  );
  assertEquals([made.code, made.stderr], [0, ""]);

  assertEquals(namesOf(await aws("Deploy", "s3api", "list-buckets")), ["of-deploy"]);
  // Another account with the same session token: no bucket, and no code.
  assertEquals(namesOf(await aws("Audit", "s3api", "list-buckets")), []);

  const script = `
import boto3, json
for name in ("Deploy", "Audit"):
    session = boto3.Session(profile_name=name + "-sdk")
    buckets = session.client("s3").list_buckets()["Buckets"]
    print(json.dumps([session.client("sts").get_caller_identity()["Arn"], [b["Name"] for b in buckets]]))`;
  const seen = await inMoto(moto, ["python3", "-c", script]);
  assertEquals([seen.code, seen.stderr], [0, ""]);
  assertEquals(seen.stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    ["arn:aws:sts::111122223333:assumed-role/Deploy/sts-Deploy", ["of-deploy"]],
    ["arn:aws:sts::444455556666:assumed-role/Audit/sts-Audit", []],
  ]);
});

function namesOf({ code, stdout, stderr }: Finished): string[] {
  assertEquals([code, stderr], [0, ""]);
  const { Buckets }: { Buckets: readonly { Name: string }[] } = JSON.parse(stdout);
  return Buckets.map(({ Name }) => Name);
}

const profile = "DynamoDBRole-dev";
const whoAmI = ["sts", "get-caller-identity", "--profile", profile, "--output", "json"];

function stsaval(bench: PeerBench, ...words: readonly string[]): Promise<Finished> {
  const [program = "", ...args] = stsavalWords([...words, "--profile", profile]);
  return bench.run(program, args, env);
}

/** Puts `share_aws_cache = true` into the role's profile. */
async function shareInProfile({ home }: PeerBench): Promise<void> {
  const path = `${home}/.aws/config`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    path,
    text.replace(`[profile ${profile}]\n`, (line) => `${line}share_aws_cache = true\n`),
  );
}

for (const inProfile of [false, true]) {
  const how = inProfile ? "share_aws_cache" : "--share-aws-cache";
  const options = inProfile ? [] : ["--share-aws-cache"];

  Deno.test(`after a login with ${how} the AWS CLI assumes the role without asking`, async () => {
    await using bench = await startEmulator();
    if (inProfile) await shareInProfile(bench);
    const [, code] = bench.freshMfa();
    const login = await stsaval(bench, "login", "--mfa-code", code, ...options);
    assertEquals([login.code, login.stderr], [0, ""]);
    const seen = await bench.run("aws", whoAmI);
    assertEquals([seen.code, seen.stderr], [0, ""]);
    assertMatch(JSON.parse(seen.stdout).Arn, /assumed-role\/DynamoDBRole-dev\//);
    assertEquals(bench.emulator.count("AssumeRole"), 1);
  });

  Deno.test(`what the AWS CLI assumed with a typed code serves stsaval with ${how}`, async () => {
    await using bench = await startEmulator();
    if (inProfile) await shareInProfile(bench);
    const [, code] = bench.freshMfa();
    const typed = await bench.run("python3", ["-c", typist, code, "aws", ...whoAmI]);
    assertEquals(typed.code, 0, typed.stdout);
    const got = await stsaval(bench, "process", ...options);
    assertEquals([got.code, got.stderr], [0, ""]);
    const { AccessKeyId } = JSON.parse(got.stdout);
    assertMatch(bench.emulator.identityOf(AccessKeyId)?.arn ?? "", /DynamoDBRole-dev/);
    assertEquals(bench.emulator.count("AssumeRole"), 1);
    assertEquals(bench.emulator.count("GetSessionToken"), 0);
  });
}
