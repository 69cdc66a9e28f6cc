import { assertEquals } from "@std/assert";
import { formatLookup, type Lookup } from "../../../src/cache/lookups/lookup.ts";
import { LookupFolder } from "../../../src/cache/lookups/lookup_folder.ts";
import { silentLogger } from "../../../src/logger.ts";
import { MemoryFiles } from "../../fake_system.ts";

const cache = "/home/kim/.aws/stsaval";
const folder = `${cache}/lookups`;
const digest = "a".repeat(64);
const old = `${"b".repeat(64)}.json`;
const lookup: Lookup = { profile: "dev", key: "c".repeat(64), last: "session" };
const week = 7 * 86_400_000;

function setUp(now: number, contents: Record<string, string> = {}) {
  const files = new MemoryFiles(contents);
  const clock = { now: () => now };
  return { files, lookups: new LookupFolder(cache, { clock, files, logger: silentLogger }) };
}

Deno.test("a lookup is kept under its digest, for its owner alone", async () => {
  const { files, lookups } = setUp(0);
  assertEquals(await lookups.has(digest), false);
  await lookups.keep(digest, lookup);
  assertEquals(await lookups.has(digest), true);
  assertEquals(files.contents.get(`${folder}/${digest}.json`), formatLookup(lookup));
  assertEquals(files.modes.get(`${folder}/${digest}.json`), 0o600);
});

Deno.test("what is older than a week goes when another is kept, and nothing else", async () => {
  const names = [old, `${old}.0f-1.tmp`, `${old}.${"0".repeat(36)}.tmp`, "notes.txt"];
  const contents = Object.fromEntries(names.map((name) => [`${folder}/${name}`, "{}"]));
  const left = async (now: number) => {
    const { files, lookups } = setUp(now, contents);
    await lookups.keep(digest, lookup);
    return (await files.list(folder)).toSorted();
  };
  assertEquals(await left(week), [`${digest}.json`, ...names].toSorted());
  assertEquals(await left(week + 1), [`${digest}.json`, `${old}.0f-1.tmp`, "notes.txt"].toSorted());
});

Deno.test("all of them are removed, and nothing else", async () => {
  const { files, lookups } = setUp(0, { [`${folder}/${old}`]: "{}", [`${folder}/notes`]: "" });
  await lookups.clear();
  assertEquals(await files.list(folder), ["notes"]);
});

Deno.test("a folder that others can write to is left alone", async () => {
  const { files, lookups } = setUp(2 * week, { [`${folder}/${old}`]: "{}" });
  files.said.set(folder, { mode: 0o777 });
  await lookups.clear();
  await lookups.keep(digest, lookup);
  assertEquals(await files.list(folder), [old]);
});
