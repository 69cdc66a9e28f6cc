/**
 * Attacks on the compiled program. What they come to stands in SECURITY.md, between two marks; this program writes it
 * anew: `deno task attacks`. Read the difference before you commit it.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { type Home, isRoot, makeHome, runIn } from "../peers/stsaval_process.ts";
import { runOnTerminal } from "./controlling_terminal.ts";
import { type HostileSetting, hostileSettings } from "./hostile_settings.ts";
import { compileProgram, makeProgram, programTest } from "./program.ts";

type Row = readonly [what: string, result: string];

const security = new URL("../../SECURITY.md", import.meta.url);
const malicious = new URL("./malicious_sdk.ts", import.meta.url);
const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";
const keys = "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
  "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n";

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
    ".aws/config": configOf({ what: "", words: [] }, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  const { stdout } = await runIn(home, [program, "creds", "--profiles", "dev"], {
    env: {
      SECRET: "of another program",
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
    assert(/NotCapable|PermissionDenied|the answer is/.test(result), `${what}: ${result}`);
  }
}

/** What is worth an attack. */
async function plant({ path }: Home): Promise<void> {
  const files = {
    ".ssh/id_rsa": privateKey,
    ".bashrc": "# mine\n",
    "module.js": "globalThis.postMessage?.(1);\n",
    ".aws/sso/cache/token.json": "{}",
    ".local/bin/aws": "",
    "addon.node": "",
    "shared/x": "",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${path}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  await Deno.chmod(`${path}/shared`, 0o777);
  await Deno.symlink(`${path}/.ssh/id_rsa`, `${path}/.aws/link`);
}

/** `NotCapable (read)`, or the error in its own words, without what differs from run to run. */
function inShort(result: string, home: string, port: number): string {
  const [, kind] = /^NotCapable: Requires (\w+) access/.exec(result) ?? [];
  if (kind !== undefined) return `NotCapable (${kind})`;
  return result.replaceAll(home, "~").replaceAll(`:${port}`, "").replaceAll("|", "\\|");
}

function configOf({ dev = "" }: HostileSetting, url: string): string {
  const endpoint = dev.includes("endpoint_url") ? "" : `endpoint_url = ${url}\n`;
  const chain = /role_arn|credential_process/.test(dev)
    ? ""
    : "source_profile = IAM_USER1\nrole_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\n";
  return `[profile dev]\nmfa_serial = ${serial}\n${chain}${endpoint}${dev}\n`;
}

/** How the real program ends when it meets such a setting. */
async function meet(program: string, setting: HostileSetting): Promise<Row> {
  const sts = createStsEmulator();
  await using home = await makeHome(sts.handle, (url) => ({
    ".aws/config": configOf(setting, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  for (const [name, target] of Object.entries(setting.links ?? {})) {
    await Deno.remove(`${home.path}/${name}`).catch(() => {});
    await Deno.symlink(`${home.path}/${target}`, `${home.path}/${name}`);
  }
  for (const name of setting.folders ?? []) {
    await Deno.mkdir(`${home.path}/${name}`, { mode: 0o700 });
  }
  for (const name of setting.foreign ?? []) await giveAway(`${home.path}/${name}`);
  const code = setting.dev?.includes("mfa_process") || setting.takesCode === false
    ? []
    : ["--mfa-code", sts.mfaCode(serial)];
  const { code: status, stdout, stderr } = await runIn(
    home,
    [program, ...setting.words, ...code],
    { env: setting.env ?? {} },
  );
  for (const line of privateKey.trim().split("\n")) {
    assert(!`${stdout}${stderr}`.includes(line), `${setting.what}: the private key was shown`);
  }
  assert(!stderr.includes("Internal error"), `${setting.what}: ${stderr}`);
  assertEquals(await Deno.readTextFile(`${home.path}/.ssh/id_rsa`), privateKey, setting.what);
  const { isFile } = await Deno.stat(`${home.path}/reached`).catch(() => ({ isFile: false }));
  assert(!isFile, `${setting.what}: a program was run`);
  const [first = ""] = stderr.split("\n");
  const said = first.replace(/^stsaval: /, "").replaceAll(home.path, "~").replaceAll("|", "\\|");
  return [setting.what, `exit ${status}${said === "" ? "" : `: ${said}`}`];
}

/** Makes it another user's, of a link the link itself. */
async function giveAway(path: string): Promise<void> {
  const { success } = await new Deno.Command("chown", { args: ["-h", "65534", path] }).output();
  assert(success);
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

/** Only root can play another user. */
const root = await isRoot();
const possible = hostileSettings.filter(({ foreign }) => root || foreign === undefined);

/** The text of SECURITY.md without the rows that cannot be tried here. */
async function securityText(): Promise<string> {
  const missing = hostileSettings.filter((setting) => !possible.includes(setting));
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
