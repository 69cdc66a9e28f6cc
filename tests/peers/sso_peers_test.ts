/**
 * IAM Identity Center with judges that others wrote: botocore, the AWS CLI and AWS's SDK for JavaScript get the same
 * roles from the same home as stsaval, and all of them refresh one another's sign-in.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { missingJsSdk, runProvider } from "./js_sdk.ts";
import { admin, onTop, signInByBrowser, type SsoBench, startSsoBench } from "./sso_bench.ts";

const missing = await missingJsSdk();
const withNode = {
  ignore: missing !== undefined,
  suffix: missing === undefined ? "" : ` (left out: ${missing})`,
};

/** Below the windows of all: 15 minutes of stsaval and botocore, 5 of the SDK for JavaScript. */
const almostOver = 4 * 60_000;

const credentialsOfBotocore = `
import sys, botocore.session
print(botocore.session.Session(profile=sys.argv[1]).get_credentials().get_frozen_credentials().access_key)`;

const tokenOfBotocore = `
import sys, botocore.session
from botocore.tokens import SSOTokenProvider
session = botocore.session.Session(profile=sys.argv[1])
print(SSOTokenProvider(session, profile_name=sys.argv[1]).load_token().get_frozen_token().token)`;

/** The access key that each program gets for a profile, or the ARN that it is. */
const programs: Readonly<Record<string, (bench: SsoBench, profile: string) => Promise<string>>> = {
  async stsaval(bench, profile) {
    const made = await bench.stsaval("creds", profile, "--format", "json");
    assertEquals([made.code, made.stderr], [0, ""]);
    return JSON.parse(made.stdout)[`sts-${profile}`].AccessKeyId;
  },
  async botocore(bench, profile) {
    const made = await bench.run("python3", ["-c", credentialsOfBotocore, profile]);
    assertEquals([made.code, made.stderr], [0, ""]);
    return made.stdout.trim();
  },
  async "the AWS CLI"(bench, profile) {
    // Version 1 has no command that shows what it uses.
    const words = ["sts", "get-caller-identity", "--profile", profile, "--output", "json"];
    const made = await bench.run("aws", words);
    assertEquals([made.code, made.stderr], [0, ""]);
    return JSON.parse(made.stdout).Arn;
  },
};

async function keyByNode(bench: SsoBench, provider: "fromSSO" | "fromIni", profile: string) {
  const made = await runProvider(bench, provider, profile);
  assertEquals([made.code, made.stderr], [0, ""]);
  return JSON.parse(made.stdout).accessKeyId;
}

/** The name of the role behind an access key, or an ARN. */
function roleOf({ emulator }: SsoBench, found: string): string | undefined {
  const arn = emulator.identityOf(found)?.arn ?? found;
  return /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
}

const roles = { [admin]: "AWSReservedSSO_Admin_0123456789abcdef", [onTop]: onTop };

for (const [program, keyOf] of Object.entries(programs)) {
  Deno.test(`${program} gets the role of a sign-in, and a role on top of it`, async () => {
    await using bench = await startSsoBench();
    for (const [profile, role] of Object.entries(roles)) {
      assertEquals(roleOf(bench, await keyOf(bench, profile)), role);
    }
    assertEquals(bench.emulator.count("GetRoleCredentials", "ok") >= 1, true);
    assertEquals(bench.emulator.count("CreateToken"), 0);
  });
}

Deno.test({
  name: `the SDK for JavaScript gets the same from the same home${withNode.suffix}`,
  ignore: withNode.ignore,
  async fn() {
    await using bench = await startSsoBench();
    for (const provider of ["fromSSO", "fromIni"] as const) {
      assertEquals(roleOf(bench, await keyByNode(bench, provider, admin)), roles[admin]);
    }
    assertEquals(roleOf(bench, await keyByNode(bench, "fromIni", onTop)), roles[onTop]);
    assertEquals(roleOf(bench, await programs.stsaval?.(bench, onTop) ?? ""), roles[onTop]);
  },
});

/** Makes another token, by a program that finds one which is almost over, and gives it. */
async function refreshBy(bench: SsoBench, token: () => Promise<string>): Promise<string> {
  const before = await bench.readToken();
  const calls = bench.emulator.count("CreateToken");
  await bench.endTokenIn(almostOver);
  const given = await token();
  assertEquals(bench.emulator.count("CreateToken"), calls + 1);
  const { accessToken, refreshToken, expiresAt } = await bench.readToken();
  assertEquals(given, accessToken);
  assertNotEquals(accessToken, before.accessToken);
  assertNotEquals(refreshToken, before.refreshToken);
  assert(Date.parse(expiresAt) > Date.now() + 50 * 60_000, expiresAt);
  return accessToken;
}

/** Gets credentials with the token in the file, which lasts. */
async function useAsItIs(bench: SsoBench): Promise<void> {
  const calls = bench.emulator.count("CreateToken");
  const made = await bench.stsaval("creds", admin, "--no-cache");
  assertEquals([made.code, made.stderr], [0, ""]);
  assertEquals(bench.emulator.count("CreateToken"), calls);
}

async function refreshByStsaval(bench: SsoBench): Promise<string> {
  return await refreshBy(bench, async () => {
    const made = await bench.stsaval("creds", admin, "--no-cache");
    assertEquals([made.code, made.stderr], [0, ""]);
    return (await bench.readToken()).accessToken;
  });
}

/** Signs in, with no token before. */
async function signIn(bench: SsoBench): Promise<void> {
  await Deno.remove(bench.tokenPath);
  const { code, stdout, stderr } = await signInByBrowser(bench, async (url) => {
    const page = await fetch(url);
    assertMatch(await page.text(), /You are signed in/);
  });
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^Signed in to IAM Identity Center "emulator"/);
}

async function tokenBy(bench: SsoBench, peer: "botocore" | "node"): Promise<string> {
  const made = peer === "node"
    ? await runProvider(bench, "fromSso", admin)
    : await bench.run("python3", ["-c", tokenOfBotocore, admin]);
  assertEquals([made.code, made.stderr], [0, ""]);
  return peer === "node" ? JSON.parse(made.stdout).token : made.stdout.trim();
}

for (const peer of ["botocore", "node"] as const) {
  const who = peer === "node" ? "fromSso of the SDK for JavaScript" : "botocore's token provider";
  Deno.test({
    name: `${who} refreshes the token that login wrote, and stsaval theirs${
      peer === "node" ? withNode.suffix : ""
    }`,
    ignore: peer === "node" && withNode.ignore,
    async fn() {
      await using bench = await startSsoBench();
      await signIn(bench);
      const { accessToken } = await bench.readToken();
      assertEquals(await tokenBy(bench, peer), accessToken, "a token that lasts is read as it is");
      await refreshBy(bench, () => tokenBy(bench, peer));
      await useAsItIs(bench);
      const ours = await refreshByStsaval(bench);
      assertEquals(await tokenBy(bench, peer), ours);
      await refreshBy(bench, () => tokenBy(bench, peer));
      await refreshByStsaval(bench);
    },
  });
}

/** The path of the AWS CLI's version 2 where it is a Python program, as Debian has it; the first one of PATH may be 1. */
async function awsCli2(): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${folder}/aws`;
    const { isFile } = await Deno.stat(path).catch(() => ({ isFile: false }));
    if (!isFile || !/^#!.*python/.test(await Deno.readTextFile(path).catch(() => ""))) continue;
    const { stdout } = await new Deno.Command(path, { args: ["--version"], stderr: "null" })
      .output();
    if (new TextDecoder().decode(stdout).startsWith("aws-cli/2.")) return path;
  }
  return undefined;
}

/** Before 2.13 it knows no custom endpoint for a sign-in: its own client is led there, and all else is its own. */
const led = `
import os, sys, awscli
from botocore.session import Session
made = Session.create_client
def create_client(self, *args, **settings):
    settings["endpoint_url"] = settings.get("endpoint_url") or os.environ["AWS_ENDPOINT_URL"]
    return made(self, *args, **settings)
Session.create_client = create_client
from awscli.clidriver import main
sys.exit(main())`;

const cli2 = await awsCli2();
const interpreter = cli2 === undefined
  ? ""
  : (await Deno.readTextFile(cli2)).split("\n")[0]?.slice(2).trim() ?? "";

const withCli2 = {
  ignore: cli2 === undefined,
  suffix: cli2 === undefined ? " (left out: no AWS CLI 2 in Python is installed)" : "",
};

/** Older ones read no custom endpoint from a file. */
function runCli2(bench: SsoBench, words: readonly string[]) {
  return bench.run(interpreter, ["-c", led, ...words], {
    AWS_ENDPOINT_URL: bench.url,
    AWS_DEFAULT_REGION: "us-east-1",
  });
}

Deno.test({
  name: "the AWS CLI 2 signs in on another device, and stsaval goes on with its sign-in" +
    withCli2.suffix,
  ignore: withCli2.ignore,
  async fn() {
    await using bench = await startSsoBench();
    await Deno.remove(bench.tokenPath);
    const run = (...words: readonly string[]) => runCli2(bench, words);
    const login = await run("sso", "login", "--profile", admin, "--no-browser");
    assertEquals(login.code, 0, login.stderr);
    assertMatch(login.stdout, /Successfully logged into Start URL/);
    await useAsItIs(bench);
    const ours = await refreshByStsaval(bench);
    const identity = ["sts", "get-caller-identity", "--profile", admin, "--output", "json"];
    const seen = await run(...identity);
    assertEquals([seen.code, seen.stderr], [0, ""]);
    assertEquals(roleOf(bench, JSON.parse(seen.stdout).Arn), roles[admin]);
    assertEquals((await bench.readToken()).accessToken, ours);

    const logout = await run("sso", "logout");
    assertEquals(logout.code, 0, logout.stderr);
    const after = await bench.stsaval("creds", admin, "--no-cache");
    assertEquals(after.code, 3, after.stderr);
  },
});

for (const first of ["stsaval", "the AWS CLI 2"] as const) {
  Deno.test({
    name: `a role of the sign-in that ${first} got is shared by share_aws_cache${withCli2.suffix}`,
    ignore: withCli2.ignore,
    async fn() {
      await using bench = await startSsoBench();
      const config = `${bench.home}/.aws/config`;
      const text = await Deno.readTextFile(config);
      const shared = text.replace(`[profile ${admin}]\n`, `$&share_aws_cache = true\n`);
      await Deno.writeTextFile(config, shared);
      const programs = {
        stsaval: () => bench.stsaval("creds", admin, "--format", "json"),
        "the AWS CLI 2": () => runCli2(bench, ["sts", "get-caller-identity", "--profile", admin]),
      };
      const second = first === "stsaval" ? "the AWS CLI 2" : "stsaval";
      for (const name of [first, second] as const) {
        const made = await programs[name]();
        assertEquals([made.code, made.stderr.trim()], [0, ""]);
      }
      assertEquals(bench.emulator.count("GetRoleCredentials", "ok"), 1);
    },
  });
}
