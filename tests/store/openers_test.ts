/**
 * What openers make of what their programs print and of how they end.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ProgramError, StoreError } from "../../src/errors.ts";
import { type FakeProgram, fakeSystem } from "../fake_system.ts";
import { folder, openDesk } from "./store_desk.ts";
import { sealText } from "../../src/store/age_file.ts";

const identity = "AGE-SECRET-KEY-16H8GKWXKUNC8YQFUZQ2KLT5CHHJQGJXFUCEP34P5EH5TZ29GNPSQ5Q5UFK";
const kim = { kind: "keys", profile: "kim" } as const;
const sealed = await sealText("content", { kind: "identity", identities: [identity] });
const byPassphrase = await sealText("content", { kind: "passphrase", passphrase: "p" }, 2);

/** What a program prints and its exit code, and what is said of it. */
const rows: readonly (readonly [
  opener: string,
  run: FakeProgram,
  fault: StoreError["fault"],
  says: string,
  env?: Readonly<Record<string, string>>,
])[] = [
  [
    "secret-service",
    { stdout: "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY\n", exit: 1 },
    "no-service",
    "there is no D-Bus session here",
  ],
  [
    "secret-service",
    { stdout: "secret-tool: Could not connect: Connection refused\n", exit: 1 },
    "no-service",
    "there is no D-Bus session here",
  ],
  [
    "secret-service",
    {
      stdout:
        "secret-tool: The name org.freedesktop.secrets was not provided by any .service files\n",
      exit: 1,
    },
    "no-service",
    "no keyring answers on D-Bus",
  ],
  [
    "secret-service",
    {
      stdout: "[/1]\nlabel = stsaval\nsecret-tool: Cannot get secret of a locked object\n",
      exit: 0,
    },
    "locked",
    "there is no display to ask for its password on",
  ],
  [
    "secret-service",
    { stdout: "[/1]\nlabel = stsaval\n", exit: 0 },
    "locked",
    "the keyring is locked",
    { DISPLAY: ":0" },
  ],
  [
    "secret-service",
    { stdout: "", exit: 0 },
    "no-key",
    "the Secret Service keeps no key of stsaval's",
  ],
  [
    "secret-service",
    { stdout: `secret-tool: odd ${identity}\n`, exit: 1 },
    "failed",
    "odd ********",
  ],
  [
    "keychain",
    {
      stdout:
        "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n",
      exit: 44,
    },
    "no-key",
    "the login keychain keeps no key",
  ],
  [
    "keychain",
    { stdout: "security: SecKeychainSearchCopyNext: User interaction is not allowed.\n", exit: 36 },
    "locked",
    "it is locked",
  ],
  [
    "keychain",
    { stdout: "security: User canceled the operation.\n", exit: 128 },
    "locked",
    "it is locked",
  ],
  ["keychain", { stdout: "", exit: 51 }, "failed", "it ended with exit code 51"],
  [
    "pass",
    { stdout: "Error: stsaval/identity is not in the password store.\n", exit: 1 },
    "no-key",
    "pass keeps no key",
  ],
  [
    "pass",
    { stdout: 'Error: password store is empty. Try "pass init".\n', exit: 1 },
    "no-service",
    "it has no password store yet",
  ],
  [
    "pass",
    { stdout: "gpg: decryption failed: No secret key\n", exit: 2 },
    "locked",
    "gpg does not open it",
  ],
  [
    "pass",
    { stdout: "gpg: public key decryption failed: Inappropriate ioctl for device\n", exit: 2 },
    "locked",
    "gpg does not open it",
  ],
  ["pass", { stdout: "no more space\n", exit: 2 }, "failed", "no more space"],
  [
    "systemd-creds",
    { stdout: "systemd-creds: unrecognized option '--user'\n", exit: 1 },
    "no-program",
    "no --user before version 256",
  ],
  [
    "systemd-creds",
    { stdout: "Failed to call: Interactive authentication required.\n", exit: 1 },
    "locked",
    "authentication required",
  ],
  [
    "systemd-creds",
    { stdout: "Failed to decrypt: Bad message\n", exit: 1 },
    "failed",
    "Bad message",
  ],
  ["systemd-creds", { stdout: "other\n", exit: 0 }, "no-key", "systemd-creds keeps no key"],
];

for (const [opener, run, fault, says, env = {}] of rows) {
  Deno.test(`${opener}: ${String(run.stdout).trim() || `exit ${run.exit}`} is "${fault}"`, async () => {
    const system = fakeSystem({
      ...{ env, program: () => run },
      files: { [`${folder}/kim.keys.age`]: sealed, [`${folder}/identity.cred`]: "x" },
    });
    const error = await assertRejects(() => openDesk(system, opener).store.read(kim), StoreError);
    assertEquals(error.fault, fault, error.message);
    assertStringIncludes(error.message, says);
    assertEquals(error.message.includes("AGE-SECRET"), false);
  });
}

const programs = ["secret-service", "keychain", "pass", "systemd-creds", "keyctl"];
for (const opener of programs) {
  const files = {
    [`${folder}/kim.keys.age`]: opener === "keyctl" ? byPassphrase : sealed,
    [`${folder}/identity.cred`]: "x",
  };

  Deno.test(`${opener}: a program that is missing is named, with how to get it`, async () => {
    const program = ([name = ""]: readonly string[]): FakeProgram => {
      throw new ProgramError("PROGRAM_NOT_FOUND", name, "there is no such program");
    };
    const system = fakeSystem({ program, files });
    const error = await assertRejects(() => openDesk(system, opener).store.read(kim), StoreError);
    assertEquals([error.fault, error.code], ["no-program", "STORE"]);
    assertStringIncludes(error.hint ?? "", "or choose another with --opener");
  });

  Deno.test(`${opener}: a program that does not end is ended in less than a minute`, async () => {
    const system = fakeSystem({ program: () => ({ stdout: new ReadableStream() }), files });
    const began = system.clock.now();
    const reading = assertRejects(() => openDesk(system, opener).store.read(kim), StoreError);
    const error = await system.clock.runUntil(reading);
    assertEquals([error.fault, error.code], ["time-out", "STORE_LOCKED"]);
    assertEquals(system.clock.now() - began < 60_000, true);
    assertEquals(system.processes.started.map(({ signals }) => signals[0]), ["SIGTERM"]);
  });
}

Deno.test("with a display a locked keyring is asked to open, and that is all that may take long", async () => {
  const lines: string[] = [];
  const program = (words: readonly string[]): FakeProgram => {
    lines.push(words.slice(0, 2).join(" "));
    return words[1] === "search"
      ? { stdout: "[/1]\nlabel = stsaval\n", exit: 0 }
      : { stdout: identity, exit: 0 };
  };
  const system = fakeSystem({
    ...{ program, env: { WAYLAND_DISPLAY: "wayland-0" } },
    files: { [`${folder}/kim.keys.age`]: sealed },
  });
  assertEquals(await openDesk(system, "secret-service").store.read(kim), "content");
  assertEquals(lines, ["secret-tool search", "secret-tool lookup"]);
  assertEquals(system.processes.started.every(({ env }) => env.LC_ALL === "C"), true);
  assertEquals(system.processes.started.every(({ options }) => options?.mergesErrors), true);
});

Deno.test("a keyring that does not give back what it was given is not trusted with a key", async () => {
  const system = fakeSystem({ program: () => ({ stdout: "", exit: 0 }) });
  for (const opener of ["secret-service", "keychain", "pass"]) {
    const error = await assertRejects(
      () => openDesk(system, opener).store.write(kim, "content"),
      StoreError,
    );
    assertStringIncludes(error.message, "it does not give back the key that it was given");
  }
  assertEquals([...system.files.contents.keys()].filter((path) => path.endsWith(".age")), []);
});
