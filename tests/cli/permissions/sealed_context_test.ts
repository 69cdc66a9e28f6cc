import { assertEquals } from "@std/assert";
import { cacheSealLines } from "../../../src/store/cache_key_lines.ts";
import { narrowed, released } from "./narrowed.ts";

const home = "/home/kim/.aws";
const sealed = `${home}/stsaval/sealed`;
const config = (more = "") =>
  "[profile kim]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n" +
  "mfa_serial = arn:aws:iam::123456789012:mfa/kim\n" +
  `[profile eve]\naws_access_key_id = AKIAIOSFODNN7EXAMPL2\naws_secret_access_key = s\n${more}`;
const seal = (keeper: string) =>
  JSON.stringify({ version: 1, keeper, keyId: "0123456789abcdef", note: "" });
const note = (opener: string) =>
  JSON.stringify({ version: 1, opener, added: "2026-01-01T00:00:00.000Z" });
const files = (more: Readonly<Record<string, string>> = {}, settings = "") => ({
  [`${home}/config`]: config(settings),
  ...more,
});
const creds = ["creds", "kim", "--mfa-code", "123456"];

/** What is opened beside what it is without the files. */
async function opened(
  line: readonly string[],
  more: Readonly<Record<string, string>>,
  settings = "",
) {
  const [without, found] = await Promise.all([
    narrowed(line, { files: files(), facts: released }),
    narrowed(line, { files: files(more, settings), facts: released }),
  ]);
  await using _without = without.system as typeof without.system & AsyncDisposable;
  await using _found = found.system as typeof found.system & AsyncDisposable;
  const beside = (kind: string) =>
    found.left(kind).filter((name) => !without.left(kind).includes(name));
  return { read: beside("read"), write: beside("write"), isHeld: beside("run").length > 0 };
}

const nothing = { read: [], write: [], isHeld: false };
const settingOf = (profile: string, line: string) => `[profile ${profile}]\n${line}\n`;

Deno.test("a cache in the clear opens nothing, and one that a keyring seals no file", async () => {
  assertEquals(await opened(creds, {}), nothing);
  const keyring = { [`${home}/stsaval/seal.json`]: seal("keyctl") };
  // Programs are dropped once the broker holds the lines of this one.
  assertEquals(await opened(creds, keyring), { ...nothing, isHeld: true });
});

Deno.test("a seal that names a file or a program of another's choice opens neither", async () => {
  for (
    const keeper of [
      ...["identity:/home/kim/.ssh/id_rsa", "identity:~/.ssh/id_rsa", "/bin/sh", "sh -c id"],
      ...["../../.ssh/id_rsa", "pass", "systemd-creds", "__proto__"],
    ]
  ) {
    const { read, write } = await opened(creds, {
      [`${home}/stsaval/seal.json`]: seal(keeper),
    });
    // As for a seal that is torn: what a new key may take.
    const path = `${sealed}/.cache.age`;
    const known = [path, `${path}.lock`];
    assertEquals(read.filter((one) => !known.some((name) => one.startsWith(name))), [], keeper);
    assertEquals(write.filter((one) => !known.some((name) => one.startsWith(name))), [], keeper);
    const programs = cacheSealLines(keeper, { get: () => undefined }).map(({ words }) => words[0]);
    assertEquals([...new Set(programs)], ["secret-tool", "security", "keyctl"], keeper);
  }
});

Deno.test("a kept seed is opened where a profile of the line says so, and that of no other", async () => {
  const seeds = {
    [`${sealed}/kim.mfa.json`]: note("keyctl"),
    [`${sealed}/eve.mfa.json`]: note("identity:/home/eve/key.txt"),
  };
  assertEquals(await opened(creds, seeds), nothing);
  assertEquals(await opened(creds, seeds, settingOf("eve", "mfa_store = true")), nothing);
  const { read, write } = await opened(creds, seeds, settingOf("kim", "mfa_store = true"));
  assertEquals(read.filter((path) => !path.startsWith(`${sealed}/kim.mfa.`)), []);
  assertEquals(read.includes(`${sealed}/kim.mfa.age`), true);
  assertEquals(write.includes(`${sealed}/kim.mfa.age`), false);
  assertEquals(write.filter((path) => !path.startsWith(`${sealed}/kim.mfa.json`)), []);
});

Deno.test("mfa code may open each seed that is kept, and what opens it", async () => {
  const seeds = {
    [`${sealed}/kim.mfa.json`]: note("identity:/home/kim/key.txt"),
    [`${sealed}/kim.mfa.age`]: "",
    [`${sealed}/eve.keys.age`]: "",
  };
  const { read } = await opened(["mfa", "code", "kim"], seeds);
  assertEquals(read.includes("/home/kim/key.txt"), true);
  assertEquals((await opened(["mfa", "code", "kim"], {})).read, []);
});

Deno.test("where no seed is kept, or its note is torn, the note can be looked for, and nothing opens", async () => {
  const settings = settingOf("kim", "mfa_store = true");
  for (const seeds of [{}, { [`${sealed}/kim.mfa.json`]: "{" }]) {
    const { read, write, isHeld } = await opened([...creds, "--no-cache"], seeds, settings);
    const note = `${sealed}/kim.mfa.json`;
    assertEquals(read.includes(note), true);
    assertEquals([...read, ...write].filter((path) => !path.startsWith(`${sealed}/kim.mfa.`)), []);
    assertEquals(isHeld, false);
  }
});

Deno.test("status and logout open nothing of a sealed cache", async () => {
  for (const line of [["status"], ["logout"]]) {
    const more = { [`${home}/stsaval/seal.json`]: seal("passphrase") };
    assertEquals(await opened(line, more), nothing);
  }
});
