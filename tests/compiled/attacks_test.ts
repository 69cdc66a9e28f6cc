/**
 * Attacks on the compiled program. What they come to stands in SECURITY.md, between two marks; this program writes it
 * anew: `deno task attacks`. Read the difference before you commit it.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { isRoot, makeHome, runIn } from "../peers/stsaval_process.ts";
import { configFor, fileName, loginFile, world } from "../source/login/fixtures.ts";
import { configOf, keys, meet, plant, type Row, serial } from "./attacked_home.ts";
import { runOnTerminal } from "./controlling_terminal.ts";
import { hostileSettings } from "./hostile_settings.ts";
import { hostileSignIns } from "./hostile_sign_ins.ts";
import { hostileTokens } from "./hostile_tokens.ts";
import { compileProgram, makeProgram, programTest } from "./program.ts";

const security = new URL("../../SECURITY.md", import.meta.url);
const malicious = new URL("./malicious_sdk.ts", import.meta.url);

/** They rest on more than "dev" does, and are not asked for. */
const otherProfiles = `[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev
[profile login]
login_session = arn:aws:iam::123456789012:user/kim
[profile process]
credential_process = /bin/sh -c true
[profile mfa]
mfa_process = /bin/sh -c true
[profile sealed]
sealed_keys = secret-service
[profile filed]
sealed_keys = identity:~/.ssh/id_rsa
[profile company]
ca_bundle = ~/.ssh/id_rsa
[profile shared]
share_aws_cache = true
[profile narrowed]
role_arn = arn:aws:iam::123456789012:role/Dev
source_profile = IAM_USER1
policy = ~/.ssh/id_rsa
[profile container]
credential_source = EcsContainer
[profile web]
role_arn = arn:aws:iam::123456789012:role/Dev
web_identity_token_file = ~/.ssh/id_rsa`;

/** What a dependency that turned bad gets for each of its attempts, by its own account. */
async function attackFromWithin(program: string): Promise<readonly Row[]> {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let visitors = 0;
  const counting = (async () => {
    for await (const connection of other) {
      connection.close();
      visitors++;
    }
  })().catch(() => {});
  const elsewhere = `http://127.0.0.1:${other.addr.port}`;
  await using home = await makeHome(() => Response.redirect(elsewhere), (url) => ({
    ".aws/config": configOf({ what: "", words: [], dev: otherProfiles }, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  const { stdout } = await runIn(home, [program, "creds", "--profiles", "dev"], {
    env: {
      SECRET: "of another program",
      SSH_CONNECTION: "192.0.2.1 22 192.0.2.2 22",
      STSAVAL_MFA_CODE: "123456",
      AWS_DEFAULT_PROFILE: String(other.addr.port),
      AWS_ENDPOINT_URL_STS: home.url,
    },
  });
  other.close();
  await counting;
  assertEquals(visitors, 0, "a server other than STS was called");
  assertEquals(await Deno.readTextFile(`${home.path}/.bashrc`), "# mine\n");
  const results = JSON.parse(stdout) as readonly Row[];
  return results.map(([what, result]) => [what, inShort(result, home.path, other.addr.port)]);
}

/** The same where stsaval has started a helper that prompts on the controlling terminal. */
async function attackBesideHelper(program: string): Promise<void> {
  const sts = createStsEmulator();
  await using home = await makeHome(sts.handle, (url) => ({
    ".aws/config": configOf({ what: "", words: [] }, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  const script = `AWS_DEFAULT_PROFILE=1 "$@" creds dev </dev/null >result`;
  const { shown, left } = await runOnTerminal(home, script, [program], `${sts.mfaCode(serial)}\n`);
  assertStringIncludes(shown, "MFA code for");
  assertEquals(left, 0);
  const results: readonly Row[] = JSON.parse(await Deno.readTextFile(`${home.path}/result`));
  for (const [what, result] of results.filter(([what]) => /run|\/dev\/tty/.test(what))) {
    assert(
      /NotCapable|Blocked by null entry|PermissionDenied|the answer is/.test(result),
      `${what}: ${result}`,
    );
  }
}

/** The same where the profile rests on a sign-in, whose own file is open to it. */
async function attackBesideSignIn(program: string): Promise<void> {
  const emulator = createStsEmulator({ world });
  await using home = await makeHome(
    emulator.handle,
    (url) => ({ ".aws/config": configFor(url) }),
  );
  await plant(home);
  const kept = loginFile(emulator, denoSystem.clock.now() + 600_000);
  await Deno.writeTextFile(`${home.path}/.aws/login/cache/${fileName}`, JSON.stringify(kept));
  const { stdout, stderr } = await runIn(home, [program, "creds", "One"], {
    env: { SECRET: "of another program", AWS_DEFAULT_PROFILE: "1", AWS_ENDPOINT_URL_STS: home.url },
  });
  assert(stdout.startsWith("["), stderr);
  const results: readonly Row[] = JSON.parse(stdout);
  // What is fetched from STS's own host is the response of STS.
  for (const [what, result] of results.filter(([what]) => !what.includes("STS's host"))) {
    assert(result !== "reached" && result !== "no end", `${what}: ${result}`);
  }
}

/** What `serve` opens beside the rest: its own address alone, and the folder of its token. */
async function attackBesideServer(program: string): Promise<void> {
  await using home = await makeHome(() => Response.redirect("http://127.0.0.1:1"), (url) => ({
    ".aws/config": configOf({ what: "", words: [], dev: otherProfiles }, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  const { stdout, stderr } = await runIn(home, [program, "serve", "dev"], {
    env: {
      SECRET: "of another program",
      STSAVAL_MFA_CODE: "123456",
      AWS_DEFAULT_PROFILE: "1",
      AWS_ENDPOINT_URL_STS: home.url,
    },
  });
  assert(stdout.startsWith("["), stderr);
  for (const [what, result] of JSON.parse(stdout) as readonly Row[]) {
    assert(result !== "reached" && result !== "no end", `${what}: ${result}`);
  }
}

/** `NotCapable (read)`, or the error in its own words, without what differs from run to run. */
function inShort(result: string, home: string, port: number): string {
  const [, kind] = /^NotCapable: Requires (\w+) access/.exec(result) ?? [];
  if (kind !== undefined) return `NotCapable (${kind})`;
  return result.replaceAll(home, "~").replaceAll(`:${port}`, "").replaceAll("|", "\\|");
}

function formatTables(attempts: readonly Row[], settings: readonly Row[]): string {
  const rows = (list: readonly Row[]) =>
    list.map(([what, result]) => `| ${what} | ${result} |\n`).join("");
  return `| it tries to | it gets |\n| --- | --- |\n${rows(attempts)}\n` +
    `| what it meets | what it says |\n| --- | --- |\n${rows(settings)}`;
}

async function attackAll(bad: string, good: string): Promise<string> {
  const settings: Row[] = [];
  for (const setting of possible) settings.push(await meet(good, setting));
  const attempts = await attackFromWithin(bad);
  for (const [what, result] of attempts) {
    assert(result !== "reached" && result !== "no end", `${what}: ${result}`);
  }
  assert(attempts.length + settings.length >= 30);
  return formatTables(attempts, settings);
}

const hostile = [...hostileSettings, ...hostileSignIns, ...hostileTokens];
/** Only root can play another user. */
const root = await isRoot();
const possible = hostile.filter(({ foreign }) => root || foreign === undefined);

/** The text of SECURITY.md without the rows that cannot be tried here. */
async function securityText(): Promise<string> {
  const missing = hostile.filter((setting) => !possible.includes(setting));
  const lines = (await Deno.readTextFile(security)).split("\n");
  return lines.filter((line) => !missing.some(({ what }) => line.startsWith(`| ${what} |`)))
    .join("\n");
}

/** Made one after the other: both are large. */
const good = await makeProgram();
const bad = await compileProgram("malicious", {
  instead: { "@aws-sdk/client-sts": () => Deno.readTextFileSync(malicious) },
});

if (!import.meta.main || "missing" in bad) {
  programTest(
    bad,
    "a helper for prompts gives a dependency that turned bad nothing",
    async (path) => {
      await attackBesideHelper(path);
    },
  );
  programTest(
    bad,
    "beside a sign-in, a dependency that turned bad gets no other file and no other host",
    attackBesideSignIn,
  );
  programTest(
    bad,
    "in serve, a dependency that turned bad listens on no other address and gets nothing else",
    attackBesideServer,
  );
  programTest(bad, "attacks come to what SECURITY.md says", async (path) => {
    assert("path" in good);
    assertStringIncludes(await securityText(), await attackAll(path, good.path));
  });
} else if ("path" in good) {
  if (!root) throw new Error("Cannot write the tables: wanted root, which can play another user");
  const text = await Deno.readTextFile(security);
  const tables = await attackAll(bad.path, good.path);
  await Deno.writeTextFile(
    security,
    text.replace(/(?<=<!-- attacks -->\n\n).*?(?=\n<!-- end of attacks -->)/s, () => tables),
  );
}
