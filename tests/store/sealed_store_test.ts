/**
 * The sealed store with each opener: what is written, what is asked and run, and what is said where a file cannot be
 * opened.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StoreError } from "../../src/errors.ts";
import { sealText } from "../../src/store/age_file.ts";
import type { SealedKeys, SealedName } from "../../src/store/port.ts";
import { formatSealedKeys } from "../../src/store/sealed_keys.ts";
import { type FakeSystem, fakeSystem } from "../fake_system.ts";
import { FakeKeepers, folder, openDesk } from "./store_desk.ts";

const kim: SealedName = { kind: "keys", profile: "kim" };
const path = `${folder}/kim.keys.age`;
const content = formatSealedKeys({
  version: 1,
  keys: [{
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    state: "current",
  }],
});

async function failure(work: () => Promise<unknown>): Promise<StoreError> {
  return await assertRejects(work, StoreError);
}

Deno.test("a passphrase is asked for as new once, and serves the store from then on", async () => {
  const system = fakeSystem();
  const { store, asked } = openDesk(system, "passphrase", ["correct horse"]);
  await store.write(kim, content);
  assertEquals(await store.read(kim), content);
  assertEquals(asked.map(({ isNew, refused, file }) => ({ isNew, refused, file })), [
    { isNew: true, refused: 0, file: path },
  ]);
  const sealed = String(system.files.contents.get(path));
  assert(sealed.startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n"));
  assertEquals(sealed.includes("AKIA"), false);
  assertEquals(system.files.modes.get(path), 0o600);
  assertEquals(system.files.modes.get(`${folder}/kim.keys.json`), 0o600);
});

Deno.test("another store asks for the passphrase once, and again where it is wrong, three times in all", async () => {
  const system = fakeSystem();
  await openDesk(system, "passphrase", ["correct horse"]).store.write(kim, content);
  const right = openDesk(system, "passphrase", ["wrong", "correct horse"]);
  assertEquals(await right.store.read(kim), content);
  assertEquals(await right.store.read(kim), content);
  assertEquals(right.asked.map(({ isNew, refused }) => [isNew, refused]), [[false, 0], [false, 1]]);
  const wrong = openDesk(system, "passphrase", ["1", "2", "3"]);
  const error = await failure(() => wrong.store.read(kim));
  assertEquals([error.code, error.fault], ["STORE_LOCKED", "passphrase"]);
  assertEquals(error.message, `Cannot open "${path}": the passphrase is wrong`);
  assertEquals(wrong.asked.length, 3);
});

Deno.test("a second file takes the passphrase of the first, which is asked for once", async () => {
  const system = fakeSystem();
  await openDesk(system, "passphrase", ["correct horse"]).store.write(kim, content);
  const desk = openDesk(system, "passphrase", ["correct horse"]);
  await desk.store.write({ kind: "mfa", profile: "kim" }, "seed");
  assertEquals(desk.asked.map(({ isNew }) => isNew), [false]);
  const third = openDesk(system, "passphrase", ["correct horse"]);
  assertEquals(await third.store.read({ kind: "mfa", profile: "kim" }), "seed");
  assertEquals(await third.store.read(kim), content);
  assertEquals(third.asked.length, 1);
});

const keepers = ["secret-service", "keychain", "pass", "systemd-creds"];
for (const opener of keepers) {
  Deno.test(`${opener} keeps an identity, which stands in no argument`, async () => {
    const programs = new FakeKeepers();
    const system = fakeSystem({ program: programs.program });
    await openDesk(system, opener).store.write(kim, content);
    const [identity = ""] = [...programs.kept.values()];
    assert(/^AGE-SECRET-KEY-1[0-9A-Z]{58}\s*$/.test(identity), identity);
    assertEquals(programs.lines.some((line) => line.includes("AGE-SECRET")), false);
    const texts = [...system.files.contents.values()].map(String);
    assertEquals(texts.some((text) => text.includes("AGE-SECRET")), false);
    assertEquals(await openDesk(system, opener).store.read(kim), content);
    // The second file is sealed with the same identity.
    await openDesk(system, opener).store.write({ kind: "cache", profile: "" }, "key");
    assertEquals([...programs.kept.values()], [identity]);
    programs.kept.clear();
    const lost = await failure(() => openDesk(system, opener).store.read(kim));
    assertEquals([lost.code, lost.fault], ["STORE", "no-key"]);
  });
}

Deno.test("two that seal first at the same time seal with one identity", async () => {
  const programs = new FakeKeepers();
  const system = fakeSystem({ program: programs.program });
  const names = ["a", "b", "c"].map((profile): SealedName => ({ kind: "mfa", profile }));
  await Promise.all(names.map((name) => openDesk(system, "pass").store.write(name, name.profile)));
  assertEquals(programs.lines.filter((line) => line.includes("insert")).length, 1);
  for (const name of names) {
    assertEquals(await openDesk(system, "pass").store.read(name), name.profile);
  }
});

Deno.test("keyctl keeps the passphrase until it forgets it, and then it is asked for again", async () => {
  const programs = new FakeKeepers();
  const system = fakeSystem({ program: programs.program });
  await openDesk(system, "keyctl", ["it's\n\u{1f511}"]).store.write(kim, content);
  const kept = programs.kept.get("keyctl");
  const quiet = openDesk(system, "keyctl");
  assertEquals(await quiet.store.read(kim), content);
  assertEquals(quiet.asked, []);
  programs.kept.clear();
  const again = openDesk(system, "keyctl", ["it's\n\u{1f511}"]);
  assertEquals(await again.store.read(kim), content);
  assertEquals([again.asked.length, programs.kept.get("keyctl")], [1, kept]);
  programs.kept.set("keyctl", "stsaval1:00");
  const other = openDesk(system, "keyctl", ["it's\n\u{1f511}"]);
  assertEquals(await other.store.read(kim), content);
  assertEquals(programs.kept.get("keyctl"), kept);
});

const identity = "AGE-SECRET-KEY-16H8GKWXKUNC8YQFUZQ2KLT5CHHJQGJXFUCEP34P5EH5TZ29GNPSQ5Q5UFK";

Deno.test("an identity file opens and seals, and is as private as the sealed file", async () => {
  const system = fakeSystem({
    files: { "/home/kim/key.txt": `# created: today\n# public key: age1\n${identity}\n` },
  });
  await openDesk(system, "identity:~/key.txt").store.write(kim, content);
  assertEquals(await openDesk(system, "identity:~/key.txt").store.read(kim), content);
  const read = () => openDesk(system, "identity:~/key.txt").store.read(kim);
  system.files.modes.set("/home/kim/key.txt", 0o644);
  assertEquals((await failure(read)).hint, "chmod 600 /home/kim/key.txt");
  system.files.modes.set("/home/kim/key.txt", 0o600);
  system.files.said.set("/home/kim/key.txt", { foreign: true });
  assertEquals((await failure(read)).fault, "owner");
  system.files.said.clear();
  system.files.contents.set("/home/kim/key.txt", "ssh-ed25519 AAAA\n");
  assertStringIncludes((await failure(read)).message, "found something else than AGE-SECRET-KEY-1");
  system.files.contents.set("/home/kim/key.txt", "# nothing\n");
  assertStringIncludes((await failure(read)).message, "found no identity");
  system.files.contents.delete("/home/kim/key.txt");
  assertEquals((await failure(read)).hint, "make one with 'age-keygen -o /home/kim/key.txt'");
});

/** A damaged file, with what is said of it. */
const damaged: readonly (readonly [
  what: string,
  change: (system: FakeSystem, sealed: string) => void,
  fault: string,
  says: string,
])[] = [
  ["is cut off", set((text) => text.slice(0, 300)), "torn", "it is damaged"],
  ["is empty", set(() => ""), "torn", "it is no file of age"],
  [
    "has a changed byte",
    set((text) => text.replace(/.(?=[^\n]{5}\n-----END)/, (one) => one === "A" ? "B" : "A")),
    "torn",
    "it is damaged",
  ],
  [
    "is of a newer format",
    set(() => "age-encryption.org/v9\n-> x\n"),
    "format",
    'it is of version "v9" of the age format, wanted v1',
  ],
  [
    "is another user's",
    (system) => void system.files.said.set(path, { foreign: true }),
    "owner",
    "it belongs to another user",
  ],
  [
    "lies in another user's folder",
    (system) => void system.files.said.set(folder, { foreign: true }),
    "owner",
    `Cannot open "${folder}": it belongs`,
  ],
  [
    "can be read by others",
    (system) => void system.files.modes.set(path, 0o640),
    "mode",
    "its mode is 0640, wanted 0600",
  ],
  [
    "lies in a folder that others write",
    (system) => void system.files.said.set(folder, { mode: 0o777 }),
    "mode",
    "its mode is 0777, wanted 0700",
  ],
  [
    "is a pipe",
    (system) => void system.files.said.set(path, { special: true }),
    "failed",
    "it is a pipe or a device",
  ],
  [
    "cannot be read",
    (system) => void system.files.contents.set(path, new Error("permission denied")),
    "failed",
    "permission denied",
  ],
];

function set(change: (text: string) => string) {
  return (system: FakeSystem, sealed: string) =>
    void system.files.contents.set(path, change(sealed));
}

for (const [what, change, fault, says] of damaged) {
  Deno.test(`a sealed file that ${what} is told from the others, and nobody is asked`, async () => {
    const system = fakeSystem();
    await openDesk(system, "passphrase", ["correct horse"]).store.write(kim, content);
    change(system, String(system.files.contents.get(path)));
    const desk = openDesk(system, "passphrase", ["correct horse"]);
    const error = await failure(() => desk.store.read(kim));
    assertEquals([error.fault, error.code], [fault, "STORE"]);
    assertStringIncludes(error.message, says);
    // Only what is damaged behind its header is found out with the key.
    assertEquals(desk.asked.length, what.startsWith("has") ? 1 : desk.asked.length);
    if (fault !== "torn") assertEquals(desk.asked.length, 0);
  });
}

Deno.test("a file of the other kind of key is told before anything is asked or run", async () => {
  const programs = new FakeKeepers();
  const system = fakeSystem({ program: programs.program });
  const byHand = await sealText(content, { kind: "passphrase", passphrase: "x" }, 2);
  system.files.contents.set(path, byHand);
  const error = await failure(() => openDesk(system, "secret-service").store.read(kim));
  assertStringIncludes(error.message, "it is sealed with a passphrase, and the Secret Service");
  assertEquals(programs.lines, []);
  const withIdentity = await sealText(content, { kind: "identity", identities: [identity] });
  system.files.contents.set(path, withIdentity);
  const other = openDesk(system, "passphrase", ["x"]);
  assertStringIncludes(
    (await failure(() => other.store.read(kim))).message,
    "sealed with an identity of age, and its opener is a passphrase",
  );
  assertEquals(other.asked, []);
});

Deno.test("a file that does not exist is undefined, whatever the opener", async () => {
  assertEquals(await openDesk(fakeSystem(), "passphrase").store.read(kim), undefined);
});

Deno.test("list() names the sealed files alone, and remove() takes the note too", async () => {
  const system = fakeSystem({
    files: { [`${folder}/identity.cred`]: "x", [`${folder}/a.age`]: "x" },
  });
  const { store } = openDesk(system, "passphrase", ["p"]);
  await store.write(kim, content);
  await store.write({ kind: "mfa", profile: "ü/.. %" }, "seed");
  await store.write({ kind: "cache", profile: "" }, "key");
  const byKind = (a: SealedName, b: SealedName) => a.kind.localeCompare(b.kind);
  assertEquals([...await store.list()].sort(byKind), [
    { kind: "cache", profile: "" },
    kim,
    { kind: "mfa", profile: "ü/.. %" },
  ]);
  assert(system.files.contents.has(`${folder}/%C3%BC%2F..%20%25.mfa.age`));
  await store.remove(kim);
  await store.remove(kim);
  assertEquals([path, `${folder}/kim.keys.json`].map((one) => system.files.contents.has(one)), [
    false,
    false,
  ]);
});

Deno.test("the note keeps its id while keys rotate, and tells the newest key", async () => {
  const system = fakeSystem();
  const { store } = openDesk(system, "passphrase", ["p"]);
  const note = () => JSON.parse(String(system.files.contents.get(`${folder}/kim.keys.json`)));
  await store.write(kim, content);
  const first = note();
  assertEquals(first.accessKey, "MPLE");
  const rotated: SealedKeys = {
    version: 1,
    keys: [
      { accessKeyId: "AKIAOLD", secretAccessKey: "s", state: "previous" },
      {
        accessKeyId: "AKIANEWWXYZ",
        secretAccessKey: "s",
        state: "current",
        created: "2026-01-02T00:00:00Z",
      },
    ],
  };
  await store.write(kim, formatSealedKeys(rotated));
  assertEquals([note().id, note().accessKey, note().created], [
    first.id,
    "WXYZ",
    "2026-01-02T00:00:00Z",
  ]);
  await store.remove(kim);
  await store.write(kim, content);
  assert(note().id !== first.id);
});

Deno.test("what cannot be written leaves the old file, and says why", async () => {
  const system = fakeSystem();
  const { store } = openDesk(system, "passphrase", ["p"]);
  system.files.contents.set(path, new Error("no space left on device"));
  const error = await failure(() => store.write(kim, content));
  assertEquals(error.message, `Cannot write "${path}": no space left on device`);
});
