/**
 * The sealed cache with the keyrings that there are: the kernel's, by keyctl, and GNOME's, by secret-tool.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { type Home, makeHome, stsavalWords } from "./stsaval_process.ts";

const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";
const item = "%user:stsaval-cache";

async function works(program: string, ...args: readonly string[]): Promise<boolean> {
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  return await new Deno.Command(program, { args: [...args], ...streams }).output()
    .then(({ success }) => success, () => false);
}

const hasKernel = await works("keyctl", "describe", "@u");
if (!hasKernel) console.warn("skipped: the kernel has no keyring here (Debian: keyutils)");
const hasGnome = await works("dbus-run-session", "--", "true") &&
  await works("sh", "-c", "command -v secret-tool && command -v gnome-keyring-daemon");
if (!hasGnome) {
  console.warn("skipped: GNOME Keyring is missing (Debian: gnome-keyring dbus libsecret-tools)");
}

/** A home whose profile wants a sealed cache, and the STS behind it. */
async function makeSealedHome() {
  const sts = createStsEmulator();
  const home = await makeHome(sts.handle, (url) => ({
    ".aws/config": `[profile dev]\nmfa_serial = ${serial}\nsource_profile = IAM_USER1\n` +
      `role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\nendpoint_url = ${url}\n` +
      "seal_cache = true\n",
    ".aws/credentials": "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  }));
  return { sts, home };
}

async function run(home: Home, words: readonly string[], env: Record<string, string> = {}) {
  const [program = "", ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    ...{ args, clearEnv: true, stdin: "null" },
    env: { ...home.env, ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  // What the bus says of itself where it may not raise its limits, as in a container.
  const err = text(stderr).replace(/^dbus-daemon\[.*\n/gm, "");
  return { status: code, out: text(stdout), err };
}

/** The files below the folder that hold one of the secrets that were printed. */
async function holding(folder: string, printed: string): Promise<readonly string[]> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(printed);
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const text = isFile ? await Deno.readTextFile(path) : "";
    const secrets: readonly string[] = [AccessKeyId, SecretAccessKey, SessionToken];
    if (secrets.some((secret) => text.includes(secret))) found.push(path);
  }
  return found;
}

/** What the kernel keeps of this user's own, put back afterwards. */
async function ownKey(): Promise<AsyncDisposable> {
  const { success, stdout } = await new Deno.Command("keyctl", { args: ["pipe", item] }).output();
  return {
    async [Symbol.asyncDispose]() {
      await new Deno.Command("keyctl", { args: ["purge", "user", "stsaval-cache"] }).output();
      if (!success) return;
      const args = ["padd", "user", "stsaval-cache", "@u"];
      const child = new Deno.Command("keyctl", { args, stdin: "piped", stdout: "null" }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(stdout);
      await writer.close();
      await child.status;
    },
  };
}

Deno.test({
  name: "keyctl keeps the key: no prompt, and no file with a secret, until the key is gone",
  ignore: !hasKernel,
  async fn() {
    await using _own = await ownKey();
    const { sts, home } = await makeSealedHome();
    await using _home = home;
    const first = await run(
      home,
      stsavalWords(["process", "dev", "--mfa-code", sts.mfaCode(serial)]),
    );
    assertEquals([first.status, first.err], [0, ""]);
    const folder = `${home.path}/.aws/stsaval`;
    assertStringIncludes(await Deno.readTextFile(`${folder}/seal.json`), '"keyctl"');
    assertEquals(await holding(folder, first.out), []);
    const calls = sts.calls.length;
    const second = await run(home, stsavalWords(["process", "dev"]));
    assertEquals([second.status, second.err, second.out], [0, "", first.out]);
    const table = await run(home, stsavalWords(["creds", "dev", "--format", "process"]));
    assertEquals([table.status, table.err, table.out], [0, "", first.out]);
    assertEquals(sts.calls.length, calls);
    await new Deno.Command("keyctl", { args: ["purge", "user", "stsaval-cache"] }).output();
    const lost = await run(home, stsavalWords(["process", "dev"]));
    assertEquals([lost.status, lost.out], [3, ""]);
    assertMatch(lost.err, /sealed credentials of profile "\w+" cannot be opened: its key is gone/);
    assertEquals((await run(home, stsavalWords(["status"]))).status, 0);
    assertEquals((await run(home, stsavalWords(["logout"]))).status, 0);
  },
});

Deno.test({
  name: "GNOME Keyring keeps what opens the key; where it is locked, that is said at once",
  ignore: !hasGnome,
  async fn() {
    const { sts, home } = await makeSealedHome();
    await using _home = home;
    const keyring = { XDG_DATA_HOME: `${home.path}/data`, XDG_RUNTIME_DIR: home.path };
    const unlocked = (words: readonly string[]) =>
      run(home, [
        ...["dbus-run-session", "--", "sh", "-c"],
        'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"',
        ...["sh", ...words],
      ], keyring);
    const code = sts.mfaCode(serial);
    const first = await unlocked(stsavalWords(["process", "dev", "--mfa-code", code]));
    assertEquals([first.status, first.err], [0, ""]);
    const folder = `${home.path}/.aws/stsaval`;
    assertStringIncludes(await Deno.readTextFile(`${folder}/seal.json`), '"secret-service"');
    assertEquals(await holding(folder, first.out), []);
    const calls = sts.calls.length;
    const second = await unlocked(stsavalWords(["process", "dev"]));
    assertEquals([second.status, second.err, second.out], [0, "", first.out]);
    assertEquals(sts.calls.length, calls);
    const none = await run(home, stsavalWords(["process", "dev"]), keyring);
    assertEquals([none.status, none.out], [3, ""]);
    assertMatch(none.err, /cannot be opened: .*Secret Service.*; new ones are fetched, which may/);
  },
});
