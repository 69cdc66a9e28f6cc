/**
 * `stsaval keys rotate`: the command around a rotation, with a real store, on files in memory and against the emulator.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { newIdentity } from "../../../src/store/age_file.ts";
import type { SealedKeys } from "../../../src/store/port.ts";
import { formatSealedKeys, parseSealedKeys } from "../../../src/store/sealed_keys.ts";
import { createSealedStore } from "../../../src/store/sealed_store.ts";
import {
  createStsEmulator,
  type EmulatorUser,
  type IamSettings,
  sampleWorld,
  totpCode,
} from "../../../src/testing/mod.ts";
import { fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const url = "http://127.0.0.1:4566";
const keyPath = "/home/kim/key.txt";
const identity = await newIdentity();
const second = { accessKeyId: "AKIASECONDSECONDSECO", secretAccessKey: "second" };
const [sample] = sampleWorld().users;
if (sample?.mfa === undefined) throw new Error("the sample user has a device");
const { serial } = sample.mfa;

const config = (mfaSerial: string | undefined) =>
  `[profile kim]\nsealed_keys = identity:${keyPath}\nregion = eu-west-1\nendpoint_url = ${url}\n` +
  (mfaSerial === undefined ? "" : `mfa_serial = ${mfaSerial}\n`) +
  "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\nsource_profile = kim\n" +
  `endpoint_url = ${url}\n` +
  "[profile plain]\naws_access_key_id = AKIAPLAINPLAINPLAIN0\naws_secret_access_key = s\n" +
  "[profile machine]\ncredential_process = /bin/machine\n";

interface Setup {
  readonly user?: Partial<EmulatorUser>;
  readonly iam?: Partial<IamSettings>;
  readonly keys?: readonly string[];
  readonly mfaSerial?: string | undefined;
  /** What the keys are sealed with in place of an identity. */
  readonly passphrase?: string;
}

async function start(setup: Setup = {}) {
  const { user: change = {}, iam, keys = [], passphrase } = setup;
  const mfaSerial = "mfaSerial" in setup ? setup.mfaSerial : serial;
  const clock = new VirtualClock();
  const world = sampleWorld();
  const users = world.users.map((one) => ({ ...one, ...change }));
  const emulator = createStsEmulator({ clock, iam, world: { ...world, users } });
  const [user] = users;
  if (user === undefined) throw new Error("there is a user");
  const system = fakeSystem({
    clock,
    files: {
      "/home/kim/.aws/config": passphrase === undefined
        ? config(mfaSerial)
        : config(mfaSerial).replace(`identity:${keyPath}`, "passphrase"),
      [keyPath]: `${identity}\n`,
    },
    terminal: new ScriptedTerminal({ keys, isTerminal: keys.length > 0 }),
    fetch: emulator.handle,
  });
  const signal = new AbortController().signal;
  const store = passphrase === undefined
    ? createSealedStore({ system, signal }, { name: "identity", argument: keyPath })
    : createSealedStore(
      { system, signal, ask: () => Promise.resolve(passphrase) },
      { name: "passphrase", argument: "" },
    );
  const name = { kind: "keys", profile: "kim" } as const;
  const { accessKeyId, secretAccessKey } = user;
  const content: SealedKeys = {
    ...{ version: 1, keys: [{ accessKeyId, secretAccessKey, state: "current" }] },
  };
  await store.write(name, formatSealedKeys(content));
  const run = (...words: readonly string[]) =>
    clock.runUntil(main(["keys", "rotate", ...words], system));
  return {
    ...{ clock, emulator, run, system, user },
    code: () => emulator.mfaCode(serial),
    sealed: async () => parseSealedKeys(await store.read(name) ?? "", "kim.keys.age"),
  };
}

Deno.test("keys rotate: one code, a new key, and the old one is gone", async () => {
  const { code, emulator, run, sealed, system, user } = await start();
  assertEquals(await run("kim", "--mfa-code", code()), 0, system.terminal.stderr);
  const { keys: [key, ...others] } = await sealed();
  assertEquals(others, []);
  const id = key?.accessKeyId.slice(-4);
  assertEquals(system.terminal.stdout, `"kim" uses access key …${id}: …MPLE was deleted\n`);
  assertEquals(emulator.accessKeysOf(user).map(({ accessKeyId }) => accessKeyId), [
    key?.accessKeyId ?? "",
  ]);
  for (
    const secret of [
      user.secretAccessKey,
      key?.secretAccessKey ?? "none",
      key?.accessKeyId ?? "none",
    ]
  ) {
    assertEquals(`${system.terminal.stdout}${system.terminal.stderr}`.includes(secret), false);
  }
});

Deno.test("keys rotate: cached sessions go on working, and no further code is needed", async () => {
  const { code, emulator, run, system } = await start();
  assertEquals(await main(["login", "dev", "--mfa-code", code()], system), 0);
  assertEquals(await run("kim"), 0, system.terminal.stderr);
  system.terminal.stdout = "";
  assertEquals(await main(["process", "dev"], system), 0);
  assertEquals(JSON.parse(system.terminal.stdout).Version, 1);
  assertEquals(emulator.calls.filter((call) => call.serial !== undefined).length, 1);
  assertEquals(emulator.count("AssumeRole"), 1);
});

Deno.test("keys rotate: a role stands for the user behind it", async () => {
  const { code, run, sealed, system, user } = await start();
  assertEquals(await run("dev", "--mfa-code", code(), "--json"), 0, system.terminal.stderr);
  const [key] = (await sealed()).keys;
  assertEquals(JSON.parse(system.terminal.stdout), {
    ...{ profile: "kim", key: key?.accessKeyId.slice(-4), old: user.accessKeyId.slice(-4) },
    ...{ oldKey: "deleted", until: null },
  });
});

Deno.test("keys rotate: --delete-after says when, and the run after that deletes", async () => {
  const { clock, code, emulator, run, sealed, system, user } = await start();
  assertEquals(await run("kim", "--mfa-code", code(), "--delete-after", "2h"), 0);
  assertStringIncludes(
    system.terminal.stdout,
    "…MPLE is deactivated, and the next 'stsaval keys rotate' from 2026-01-01T02:00:",
  );
  system.terminal.stdout = "";
  assertEquals(await run("kim", "--json"), 0);
  assertEquals(JSON.parse(system.terminal.stdout).oldKey, "inactive");
  await clock.advance(2 * 3_600_000);
  assertEquals(await run("kim", "--mfa-code", code()), 0, system.terminal.stderr);
  assertEquals(emulator.accessKeysOf(user).length, 1);
  assertEquals((await sealed()).rotation?.step, "done");
  assertEquals(emulator.count("CreateAccessKey"), 1);
});

Deno.test("keys rotate: --delete-after 0 deletes what was kept", async () => {
  for (const zero of ["0", "0s", "0h"]) {
    const { code, emulator, run, user } = await start();
    assertEquals(await run("kim", "--mfa-code", code(), "--delete-after", "2h"), 0);
    assertEquals(await run("kim", "--delete-after", zero), 0);
    assertEquals(emulator.accessKeysOf(user).length, 1);
  }
});

Deno.test("keys rotate: of two keys the person at the terminal decides", async () => {
  const yes = await start({ user: { furtherKeys: [second] }, keys: ["y", "\r"] });
  assertEquals(await yes.run("kim", "--mfa-code", yes.code()), 0, yes.system.terminal.stderr);
  assertEquals(yes.emulator.accessKeysOf(yes.user).length, 1);
  const no = await start({ user: { furtherKeys: [second] }, keys: ["\r"] });
  assertEquals(await no.run("kim", "--mfa-code", no.code()), 0);
  assertEquals(no.system.terminal.stdout, '"kim" uses access key …MPLE: nothing was changed\n');
  assertEquals(no.emulator.accessKeysOf(no.user).length, 2);
});

Deno.test("keys rotate: of two keys nothing is guessed without a terminal, nor with --no-input", async () => {
  const { code, emulator, run, system, user } = await start({ user: { furtherKeys: [second] } });
  assertEquals(await run("kim", "--mfa-code", code()), 2);
  assertStringIncludes(system.terminal.stderr, "add --delete-key SECO");
  assertEquals(emulator.accessKeysOf(user).length, 2);
  assertEquals(await run("kim", "--delete-key", "SECO"), 0, system.terminal.stderr);
  assertEquals(emulator.accessKeysOf(user).length, 1);
  const terminal = await start({ user: { furtherKeys: [second] }, keys: ["y", "\r"] });
  assertEquals(await terminal.run("kim", "--mfa-code", terminal.code(), "--no-input"), 2);
});

Deno.test("keys rotate: --delete-key takes an id or its end, and nothing that could be anything", async () => {
  const { run, system } = await start();
  for (const word of ["SEC", "", "a b c d"]) {
    assertEquals(await run("kim", "--delete-key", word), 2);
    assertStringIncludes(system.terminal.stderr, "wanted the id of an access key");
  }
});

Deno.test("keys rotate: keys that are not sealed are not rotated", async () => {
  const { emulator, run, system } = await start();
  assertEquals(await run("plain"), 4);
  assertStringIncludes(
    system.terminal.stderr,
    'Cannot rotate the keys of profile "plain": those of profile "plain" are in plain text',
  );
  assertStringIncludes(system.terminal.stderr, "seal them first: 'stsaval keys import plain'");
  assertEquals(await run("machine"), 4);
  assertStringIncludes(system.terminal.stderr, "which are no access keys of a user");
  assertEquals(emulator.calls, []);
});

Deno.test("keys rotate: without a device the key in use signs; the root user's is not rotated", async () => {
  const { emulator, run, system, user } = await start({ mfaSerial: undefined });
  assertEquals(await run("kim"), 0, system.terminal.stderr);
  assertEquals([emulator.count("GetSessionToken"), emulator.accessKeysOf(user).length], [0, 1]);
  const root = await start({ mfaSerial: undefined, user: { isRoot: true } });
  assertEquals(await root.run("kim"), 1);
  assertStringIncludes(root.system.terminal.stderr, "it is one of the root user");
  assertEquals(root.emulator.count("CreateAccessKey"), 0);
});

Deno.test("keys rotate: a user with a path is named without it", async () => {
  const { emulator, run, system, user } = await start({
    mfaSerial: undefined,
    user: { name: "ops/eu/kim" },
  });
  assertEquals(await run("kim"), 0, system.terminal.stderr);
  assertEquals(emulator.accessKeysOf(user).length, 1);
});

Deno.test("keys rotate: a passphrase is typed once, then the code", async () => {
  const passphrase = "correct horse";
  const typed = totpCode(sample.mfa?.secret ?? "", Date.UTC(2026, 0, 1));
  const { emulator, run, system, user } = await start({
    passphrase,
    keys: [...passphrase, "\r", ...typed, "\r"],
  });
  assertEquals(await run("kim"), 0, system.terminal.stderr);
  assertEquals(emulator.accessKeysOf(user).length, 1);
  assertEquals(system.terminal.stderr.split("assphrase").length, 2, system.terminal.stderr);
});

Deno.test("keys rotate: it says nothing but its result with --quiet", async () => {
  const { code, run, system } = await start();
  assertEquals(await run("kim", "--mfa-code", code(), "--quiet"), 0);
  assertEquals(system.terminal.stderr, "");
});

Deno.test("keys rotate: a machine whose clock is wrong takes the time of STS", async () => {
  const { emulator, run, system, user } = await start({ mfaSerial: undefined });
  emulator.faults.push({ effect: { kind: "skew", ms: 3_600_000 } });
  assertEquals(await run("kim"), 0, system.terminal.stderr);
  assertEquals(emulator.accessKeysOf(user).length, 1);
});

Deno.test("keys rotate: without a code it ends before anything is made", async () => {
  const { emulator, run, sealed } = await start();
  assertEquals(await run("kim", "--no-input"), 3);
  assertEquals(emulator.count("CreateAccessKey"), 0);
  assertEquals((await sealed()).rotation, undefined);
});
