/**
 * A home folder with what is worth an attack, and how the compiled program ends when it meets a hostile setting there.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { type Home, makeHome, runIn } from "../peers/stsaval_process.ts";
import type { HostileSetting } from "./hostile_settings.ts";

/** What was tried, and what came of it. */
export type Row = readonly [what: string, result: string];

/** The MFA device. */
export const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";
/** The credentials file. */
export const keys = "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
  "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n";

/** What is worth an attack. */
export async function plant({ path }: Home): Promise<void> {
  const files = {
    ".ssh/id_rsa": privateKey,
    ".bashrc": "# mine\n",
    "module.js": "globalThis.postMessage?.(1);\n",
    ".aws/sso/cache/token.json": "{}",
    ".aws/login/cache/other.json": "{}",
    ".local/bin/aws": "",
    "addon.node": "",
    "shared/x": "",
  };
  for (const [name, text] of Object.entries(files)) {
    await makeFolderOf(`${path}/${name}`);
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  await Deno.chmod(`${path}/shared`, 0o777);
  await Deno.chmod(`${path}/.ssh/id_rsa`, 0o600);
  await Deno.symlink(`${path}/.ssh/id_rsa`, `${path}/.aws/link`);
}

/** The config file with the profile "dev". */
export function configOf({ config, dev = "" }: HostileSetting, url: string): string {
  if (config !== undefined) return config;
  const endpoint = dev.includes("endpoint_url") ? "" : `endpoint_url = ${url}\n`;
  const [own = ""] = dev.split("[", 1);
  const chain = /role_arn|credential_process/.test(own)
    ? ""
    : "source_profile = IAM_USER1\nrole_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\n";
  return `[profile dev]\nmfa_serial = ${serial}\n${chain}${endpoint}${dev}\n`;
}

/** How the real program ends when it meets such a setting. */
export async function meet(program: string, setting: HostileSetting): Promise<Row> {
  const sts = createStsEmulator();
  await using home = await makeHome(sts.handle, (url) => ({
    ".aws/config": configOf(setting, url),
    ".aws/credentials": keys,
  }));
  await plant(home);
  for (const [name, text] of Object.entries(setting.files ?? {})) {
    await makeFolderOf(`${home.path}/${name}`);
    await Deno.writeTextFile(`${home.path}/${name}`, text, { mode: 0o600 });
  }
  for (const [name, target] of Object.entries(setting.links ?? {})) {
    await makeFolderOf(`${home.path}/${name}`);
    await Deno.remove(`${home.path}/${name}`).catch(() => {});
    const path = target.startsWith("/") ? target : `${home.path}/${target}`;
    await Deno.symlink(path, `${home.path}/${name}`);
  }
  const path = setting.programs === undefined ? {} : { PATH: `${home.path}/programs` };
  for (const [name, text] of Object.entries(setting.programs ?? {})) {
    await makeFolderOf(`${home.path}/programs/${name}`);
    await Deno.writeTextFile(`${home.path}/programs/${name}`, text, { mode: 0o700 });
  }
  const kept = (setting.kept ?? []).map((name) => `${home.path}/${name}`);
  const before = await Promise.all(kept.map((path) => Deno.readTextFile(path)));
  for (const name of setting.folders ?? []) {
    await Deno.mkdir(`${home.path}/${name}`, { mode: 0o700 });
  }
  for (const name of setting.foreign ?? []) await giveAway(`${home.path}/${name}`);
  const takesCode = setting.takesCode !== false && setting.config === undefined &&
    !/^mfa_process/.test(setting.dev ?? "");
  const code = takesCode ? ["--mfa-code", sts.mfaCode(serial)] : [];
  const { code: status, stdout, stderr } = await runIn(
    home,
    [program, ...setting.words, ...code],
    // A call that should not be made leaves this machine in no case.
    { env: { HTTPS_PROXY: "http://127.0.0.1:1", ...path, ...setting.env } },
  );
  for (const line of privateKey.trim().split("\n")) {
    assert(!`${stdout}${stderr}`.includes(line), `${setting.what}: the private key was shown`);
  }
  assert(!stderr.includes("Internal error"), `${setting.what}: ${stderr}`);
  assertEquals(await Deno.readTextFile(`${home.path}/.ssh/id_rsa`), privateKey, setting.what);
  assertEquals(await Promise.all(kept.map((path) => Deno.readTextFile(path))), before);
  const { isFile } = await Deno.stat(`${home.path}/reached`).catch(() => ({ isFile: false }));
  assert(!isFile, `${setting.what}: a program was run`);
  const [first = ""] = stderr.split("\n");
  const said = first.replace(/^stsaval: /, "").replaceAll(home.path, "~").replaceAll("|", "\\|");
  return [setting.what, said === "" ? `exit ${status}` : `exit ${status}: ${said}`];
}

async function makeFolderOf(path: string): Promise<void> {
  await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true, mode: 0o700 });
}

/** Makes it another user's, of a link the link itself. */
async function giveAway(path: string): Promise<void> {
  const { success } = await new Deno.Command("chown", { args: ["-h", "65534", path] }).output();
  assert(success);
}
