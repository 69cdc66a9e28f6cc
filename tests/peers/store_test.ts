/**
 * Sealed files and the real `age` program, and the openers' real programs: gnome-keyring on a D-Bus of its own, `keyctl`,
 * `pass` with `gpg`. `security` and `systemd-creds --user` cannot be had here: stand-ins print what the real ones print.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StoreError } from "../../src/errors.ts";
import { isInstalled } from "./stsaval_process.ts";
import { makeStoreHome, passphraseTypist, run } from "./store_home.ts";

const name = { kind: "keys", profile: "kim" } as const;
const content = JSON.stringify({
  version: 1,
  keys: [{ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "s3cret/é", state: "current" }],
});

/** A test that is left out, and says so, where a program is missing. */
async function withPrograms(
  programs: readonly string[],
  what: string,
  fn: () => Promise<void>,
): Promise<void> {
  const missing: string[] = [];
  for (const program of programs) {
    if (!await isInstalled(program)) missing.push(program);
  }
  const why = ` (left out: ${missing.join(" and ")} is not installed)`;
  Deno.test({ name: what + (missing.length > 0 ? why : ""), ignore: missing.length > 0, fn });
}

await withPrograms(
  ["age", "age-keygen"],
  "age opens what stsaval seals with an identity, and stsaval what age seals",
  async () => {
    await using home = await makeStoreHome();
    const key = `${home.path}/key.txt`;
    await run(["age-keygen", "-o", key]);
    await Deno.chmod(key, 0o600);
    const store = home.open(`identity:${key}`);
    await store.write(name, content);
    const opened = await run(["age", "-d", "-i", key, home.fileOf("kim")]);
    assertEquals([opened.code, opened.text], [0, content]);
    const recipient = /age1[0-9a-z]+/.exec(await Deno.readTextFile(key))?.[0] ?? "";
    for (const form of [[], ["-a"]]) {
      const sealed = await run(["age", ...form, "-r", recipient], { input: content });
      await Deno.writeFile(home.fileOf("kim"), sealed.bytes, { mode: 0o600 });
      assertEquals(await home.open(`identity:${key}`).read(name), content);
    }
    // For several, of which one is the user's.
    await run(["age-keygen", "-o", `${home.path}/other.txt`]);
    const other = /age1[0-9a-z]+/.exec(await Deno.readTextFile(`${home.path}/other.txt`))?.[0] ??
      "";
    const both = await run(["age", "-r", other, "-r", recipient], { input: content });
    await Deno.writeFile(home.fileOf("kim"), both.bytes);
    assertEquals(await home.open(`identity:${key}`).read(name), content);
    const foreign = await run(["age", "-r", other], { input: content });
    await Deno.writeFile(home.fileOf("kim"), foreign.bytes);
    const error = await assertRejects(() => home.open(`identity:${key}`).read(name), StoreError);
    assertEquals(error.fault, "no-key");
  },
);

await withPrograms(
  ["age", "python3"],
  "age opens what stsaval seals with a passphrase, and stsaval what age seals",
  async () => {
    await using home = await makeStoreHome();
    const passphrase = "correct horse é";
    await home.open("passphrase", passphrase).write(name, content);
    const plain = `${home.path}/plain`;
    const typed = (...words: string[]) =>
      run(["python3", "-c", passphraseTypist, passphrase, ...words]);
    const opened = await typed("age", "-d", "-o", plain, home.fileOf("kim"));
    assertEquals(opened.code, 0, opened.text);
    assertEquals(await Deno.readTextFile(plain), content);
    const sealed = await typed("age", "-p", "-o", `${home.path}/sealed`, plain);
    assertEquals(sealed.code, 0, sealed.text);
    await Deno.writeFile(home.fileOf("kim"), await Deno.readFile(`${home.path}/sealed`));
    assertEquals(await home.open("passphrase", passphrase).read(name), content);
    const error = await assertRejects(
      () => home.open("passphrase", "wrong").read(name),
      StoreError,
    );
    assertEquals(error.fault, "passphrase");
  },
);

/** A D-Bus session, with gnome-keyring that is unlocked with a password, or locked without one. */
async function keyringSession(home: string, password: string | undefined) {
  const options = { stdin: "null", stdout: "piped", stderr: "null" } as const;
  const bus = new Deno.Command("dbus-daemon", {
    args: ["--session", "--nofork", "--print-address=1"],
    ...options,
    env: { HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: "", WAYLAND_DISPLAY: "" },
  }).spawn();
  const lines = bus.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const address = ((await lines.read()).value ?? "").trim();
  const env = { HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: address };
  const unlock = password === undefined ? [] : ["--unlock"];
  const keyring = new Deno.Command("gnome-keyring-daemon", {
    args: ["--foreground", "--components=secrets", ...unlock],
    ...{ stdin: "piped", stdout: "piped", stderr: "null", env },
  }).spawn();
  const writer = keyring.stdin.getWriter();
  await writer.write(new TextEncoder().encode(password ?? ""));
  await writer.close();
  // It has its name on the bus once it says where it listens.
  await keyring.stdout.getReader().read();
  const before = Deno.env.get("DBUS_SESSION_BUS_ADDRESS");
  Deno.env.set("DBUS_SESSION_BUS_ADDRESS", address);
  return {
    async [Symbol.asyncDispose]() {
      if (before === undefined) Deno.env.delete("DBUS_SESSION_BUS_ADDRESS");
      else Deno.env.set("DBUS_SESSION_BUS_ADDRESS", before);
      keyring.kill("SIGKILL");
      bus.kill("SIGKILL");
      await Promise.all([keyring.status, bus.status]);
      await lines.cancel();
    },
  };
}

const keyringPrograms = ["secret-tool", "gnome-keyring-daemon", "dbus-daemon", "age"];

await withPrograms(
  keyringPrograms,
  "gnome-keyring keeps the key; locked, or without D-Bus, it is told, and no window is waited for",
  async () => {
    await using home = await makeStoreHome();
    {
      await using _session = await keyringSession(home.path, "password");
      await home.open("secret-service").write(name, content);
      assertEquals(await home.open("secret-service").read(name), content);
      await home.open("secret-service").write({ kind: "mfa", profile: "kim" }, "seed");
      assertEquals(await home.open("secret-service").read(name), content);
      const kept = await run(["secret-tool", "lookup", "application", "stsaval"]);
      assert(/^AGE-SECRET-KEY-1[0-9A-Z]+$/.test(kept.text.trim()), kept.text);
      const opened = await run(["age", "-d", "-i", "-", home.fileOf("kim")], { input: kept.text });
      assertEquals(opened.text, content);
    }
    {
      await using _session = await keyringSession(home.path, undefined);
      const locked = await assertRejects(() => home.open("secret-service").read(name), StoreError);
      assertEquals([locked.fault, locked.code], ["locked", "STORE_LOCKED"]);
      assertStringIncludes(locked.message, "there is no display to ask for its password on");
      await assertRejects(() => home.open("secret-service").write(name, "x"), StoreError);
    }
    const before = Deno.env.get("DBUS_SESSION_BUS_ADDRESS");
    Deno.env.set("DBUS_SESSION_BUS_ADDRESS", `unix:path=${home.path}/none`);
    const none = await assertRejects(() => home.open("secret-service").read(name), StoreError);
    if (before === undefined) Deno.env.delete("DBUS_SESSION_BUS_ADDRESS");
    else Deno.env.set("DBUS_SESSION_BUS_ADDRESS", before);
    assertEquals([none.fault, none.code], ["no-service", "STORE_LOCKED"]);
    assertStringIncludes(none.message, "there is no D-Bus session here");
  },
);

const isKeyringOurs = !await isInstalled("keyctl") ||
  (await run(["keyctl", "search", "@u", "user", "stsaval"])).code !== 0;

if (isKeyringOurs) {
  await withPrograms(
    ["keyctl"],
    "the kernel keeps the passphrase, until it is thrown away",
    async () => {
      await using home = await makeStoreHome();
      try {
        await home.open("keyctl", "correct horse").write(name, content);
        // Nothing is typed from then on.
        assertEquals(await home.open("keyctl").read(name), content);
        await unlinkKey();
        const error = await assertRejects(() => home.open("keyctl").read(name), StoreError);
        assertEquals(error.fault, "no-terminal");
        assertEquals(await home.open("keyctl", "correct horse").read(name), content);
        assertEquals(await home.open("keyctl").read(name), content);
      } finally {
        await unlinkKey();
      }
    },
  );
} else {
  const why = "left out: this user's keyring holds a key of stsaval's, which must not be lost";
  Deno.test({ name: `the kernel keeps the passphrase (${why})`, ignore: true, fn() {} });
}

async function unlinkKey(): Promise<void> {
  const { text } = await run(["keyctl", "search", "@u", "user", "stsaval"]);
  await run(["keyctl", "unlink", text.trim(), "@u"]);
}

await withPrograms(
  ["pass", "gpg", "age"],
  "pass keeps the key with gpg, and says what it lacks",
  async () => {
    await using home = await makeStoreHome();
    const folders = { GNUPGHOME: `${home.path}/gpg`, PASSWORD_STORE_DIR: `${home.path}/pass` };
    await Deno.mkdir(folders.GNUPGHOME, { mode: 0o700 });
    const before = Object.keys(folders).map((name) => [name, Deno.env.get(name)] as const);
    for (const [name, value] of Object.entries(folders)) Deno.env.set(name, value);
    try {
      const none = await assertRejects(() => home.open("pass").write(name, content), StoreError);
      assertEquals(none.hint, "run 'pass init KEY' with a key of 'gpg --list-secret-keys'");
      const key = ["--quick-gen-key", "kim@example.com", "default", "default", "never"];
      const made = await run(["gpg", "--batch", "--passphrase", "", ...key]);
      assertEquals(made.code, 0, made.text);
      await run(["pass", "init", "kim@example.com"]);
      await home.open("pass").write(name, content);
      assertEquals(await home.open("pass").read(name), content);
      const kept = await run(["pass", "show", "stsaval/identity"]);
      const opened = await run(["age", "-d", "-i", "-", home.fileOf("kim")], { input: kept.text });
      assertEquals(opened.text, content);
      // As where the agent may ask nobody.
      await Deno.remove(`${folders.GNUPGHOME}/private-keys-v1.d`, { recursive: true });
      await run(["gpgconf", "--kill", "gpg-agent"]);
      const locked = await assertRejects(() => home.open("pass").read(name), StoreError);
      assertEquals(locked.fault, "locked");
    } finally {
      await run(["gpgconf", "--kill", "gpg-agent"]);
      for (const [name, value] of before) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    }
  },
);

/**
 * What the real programs print, as their sources have it: `security` of macOS 14 (SecurityTool), `systemd-creds` of
 * systemd 256. Each keeps what it reads in a file.
 */
const standIns: Readonly<Record<string, string>> = {
  security: `#!/bin/sh
[ -z "$STSAVAL_TEST_LOCKED" ] || { echo "security: SecKeychainSearchCopyNext: User interaction is not allowed." >&2; exit 36; }
case "$*" in
  "-i") read -r verb u a account s service w secret; printf '%s\\n' "$secret" >"$KEPT"; printf 'security> ' ;;
  "find-generic-password -a stsaval -s stsaval -w")
    [ -e "$KEPT" ] || { echo "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain." >&2; exit 44; }
    cat "$KEPT" ;;
  *) exit 2 ;;
esac
`,
  "systemd-creds": `#!/bin/sh
[ -z "$STSAVAL_TEST_LOCKED" ] || { echo "Failed to call io.systemd.Credentials.Decrypt(): Access denied" >&2; exit 1; }
case "$*" in
  "--user --name=stsaval encrypt - -") echo "Input is 75 bytes" >&2; base64 -w 0 | tr 'A-Za-z' 'N-ZA-Mn-za-m'; echo ;;
  "--user --name=stsaval decrypt "*" -") tr 'A-Za-z' 'N-ZA-Mn-za-m' <"$4" | base64 -d ;;
  *) exit 2 ;;
esac
`,
};

for (const [program, opener] of [["security", "keychain"], ["systemd-creds", "systemd-creds"]]) {
  const installed = await isInstalled(program ?? "");
  Deno.test({
    name: `a stand-in for ${program} keeps the key (the real one cannot be had, or not by a user)`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using home = await makeStoreHome();
      const [path, folder] = [Deno.env.get("PATH") ?? "", `${home.path}/bin`];
      await Deno.mkdir(folder);
      await Deno.writeTextFile(`${folder}/${program}`, standIns[program ?? ""] ?? "", {
        mode: 0o755,
      });
      Deno.env.set("PATH", `${folder}:${path}`);
      Deno.env.set("KEPT", `${home.path}/kept`);
      try {
        await home.open(opener ?? "").write(name, content);
        assertEquals(await home.open(opener ?? "").read(name), content);
        Deno.env.set("STSAVAL_TEST_LOCKED", "1");
        const error = await assertRejects(() => home.open(opener ?? "").read(name), StoreError);
        assertEquals([error.fault, error.code], ["locked", "STORE_LOCKED"]);
      } finally {
        Deno.env.set("PATH", path);
        for (const one of ["KEPT", "STSAVAL_TEST_LOCKED"]) Deno.env.delete(one);
      }
      if (installed) return;
      const missing = await assertRejects(() => home.open(opener ?? "").read(name), StoreError);
      assertEquals(missing.fault, "no-program");
      assertStringIncludes(missing.message, `the program "${program}" is not here`);
    },
  });
}
