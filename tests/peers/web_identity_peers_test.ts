/**
 * Web identity beside the programs that know it: botocore, the SDK for JavaScript and the AWS CLI get the same roles from
 * the same home and environment.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type EmulatorWorld, sampleWorld } from "../../src/testing/mod.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { missingJsSdk, runProvider } from "./js_sdk.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { isInstalled } from "./stsaval_process.ts";

const issuer = "https://oidc.example.com/cluster";
const account = "123456789012";
const app = `arn:aws:iam::${account}:role/App`;
const onTop = `arn:aws:iam::${account}:role/OnTop`;

const sample = sampleWorld();
const world: EmulatorWorld = {
  ...sample,
  identityProviders: [{ issuer, audiences: ["sts.amazonaws.com"] }],
  roles: [
    ...sample.roles,
    { arn: app, trusts: [], trustsTokens: [{ issuer, subject: "pod" }] },
    { arn: onTop, trusts: [app] },
  ],
};

const ofBotocore = `
import sys, botocore.session
session = botocore.session.Session(profile=sys.argv[1] or None)
credentials = session.get_credentials()
print(credentials.method, credentials.get_frozen_credentials().access_key)`;

/** A home with a token in a file, as a cluster mounts it, and profiles on it. */
async function startBench(): Promise<PeerBench & { readonly env: Record<string, string> }> {
  const bench = await startEmulator({ world });
  const token = `${bench.home}/token`;
  const request = { issuer, subject: "pod", audience: "sts.amazonaws.com", seconds: 600 };
  await Deno.writeTextFile(token, await bench.emulator.webIdentityToken(request));
  const place = `region = us-east-1\nendpoint_url = ${bench.url}\n`;
  await Deno.writeTextFile(
    `${bench.home}/.aws/config`,
    `[profile app]\nrole_arn = ${app}\nweb_identity_token_file = ${token}\n` +
      `role_session_name = kim\n${place}` +
      `[profile on-top]\nrole_arn = ${onTop}\nsource_profile = app\n${place}`,
  );
  const env = {
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ROLE_ARN: app,
    AWS_ENDPOINT_URL: bench.url,
    AWS_DEFAULT_REGION: "us-east-1",
  };
  return { ...bench, env };
}

async function byStsaval(bench: PeerBench, words: readonly string[], env = {}): Promise<string> {
  const own = { DENO_DIR: denoFolder(), NO_COLOR: "1", ...env };
  const made = await bench.run(Deno.execPath(), sourceArgs(["process", ...words]), own);
  assertEquals([made.code, made.stderr], [0, ""]);
  return JSON.parse(made.stdout).AccessKeyId;
}

const arnOf = (bench: PeerBench, id: string) =>
  bench.emulator.identityOf(id)?.arn.replace(/\/[^/]*$/, "");
const arns = [app, onTop].map((arn) =>
  arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
);

Deno.test("botocore gets the role of a token, and one on top of it, that stsaval gets", async () => {
  await using bench = await startBench();
  const { AWS_ENDPOINT_URL, AWS_DEFAULT_REGION } = bench.env;
  for (const [index, profile] of ["app", "on-top"].entries()) {
    const env = {
      AWS_ENDPOINT_URL: AWS_ENDPOINT_URL ?? "",
      AWS_DEFAULT_REGION: AWS_DEFAULT_REGION ?? "",
    };
    const made = await bench.run("python3", ["-c", ofBotocore, profile], env);
    assertEquals([made.code, made.stderr], [0, ""]);
    const [method, id = ""] = made.stdout.trim().split(" ");
    assertEquals(method, index === 0 ? "assume-role-with-web-identity" : "assume-role");
    assertEquals(arnOf(bench, id), arns[index]);
    assertEquals(arnOf(bench, await byStsaval(bench, [profile])), arns[index]);
  }
});

Deno.test("botocore gets the role that the environment names, as stsaval does without a name", async () => {
  await using bench = await startBench();
  await Deno.remove(`${bench.home}/.aws/config`);
  const made = await bench.run("python3", ["-c", ofBotocore, ""], bench.env);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertEquals(arnOf(bench, made.stdout.trim().split(" ")[1] ?? ""), arns[0]);
  assertEquals(arnOf(bench, await byStsaval(bench, [], bench.env)), arns[0]);
});

const missing = await missingJsSdk();
Deno.test({
  name: "the SDK for JavaScript gets the role of a token, and one on top of it" +
    (missing === undefined ? "" : ` (left out: ${missing})`),
  ignore: missing !== undefined,
  async fn() {
    await using bench = await startBench();
    for (const [index, profile] of ["app", "on-top"].entries()) {
      const made = await runProvider(bench, "fromIni", profile);
      assertEquals([made.code, made.stderr], [0, ""]);
      assertEquals(arnOf(bench, JSON.parse(made.stdout).accessKeyId), arns[index]);
    }
  },
});

const hasCli = await isInstalled("aws");
Deno.test({
  name: "the AWS CLI gets a role on top of a token from stsaval process" +
    (hasCli ? "" : " (left out: it is not installed)"),
  ignore: !hasCli,
  async fn() {
    await using bench = await startBench();
    const words = [Deno.execPath(), ...sourceArgs(["process", "on-top"])];
    const config = `${bench.home}/.aws/config`;
    await Deno.writeTextFile(
      config,
      `${await Deno.readTextFile(config)}[profile cli]\nregion = us-east-1\n` +
        `credential_process = ${words.join(" ")}\n`,
    );
    const made = await bench.run(
      "aws",
      ["sts", "get-caller-identity", "--profile", "cli", "--output", "json"],
      { DENO_DIR: denoFolder(), NO_COLOR: "1", AWS_ENDPOINT_URL: bench.url },
    );
    assertEquals([made.code, made.stderr], [0, ""]);
    assert(JSON.parse(made.stdout).Arn.startsWith(`${arns[1]}/`), made.stdout);
  },
});
