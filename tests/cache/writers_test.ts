/**
 * The lock that the writers of one process hold together, and what a logout and a seal may rely on while they do.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Logger, silentLogger } from "../../src/logger.ts";
import { fakeSystem } from "../fake_system.ts";
import { diskCache, entryFor, keyOf, start } from "../session/fixtures.ts";
import { settle } from "../settle.ts";
import { FakeKeeper } from "./sealing/fake_keeper.ts";

const folder = "/home/kim/.aws/stsaval";
const [a, b, c] = [keyOf("a"), keyOf("b"), keyOf("c")];
const scopeOfKim = { named: ["kim"], profiles: [], roleArns: [], users: [] };

function setUp() {
  const keeper = new FakeKeeper();
  const system = fakeSystem();
  const { files } = system;
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  const sealing = { keepers: keeper, random: system.random };
  const process = () => diskCache({ ...system, logger, sealing });
  const looked: string[] = [];
  const facts = files.facts.bind(files);
  files.facts = (path) => {
    looked.push(path.slice(folder.length + 1));
    return facts(path);
  };
  const locked: string[] = [];
  const lock = files.lock.bind(files);
  files.lock = (path, ...rest) => {
    locked.push(path);
    return lock(path, ...rest);
  };
  const countOf = (name: string) => looked.filter((path) => path === name).length;
  return { ...system, keeper, warnings, process, locked, countOf };
}

/** Keeps the next entry of that key from being written until it is let go. */
function holdBack({ files }: ReturnType<typeof setUp>, key: string) {
  const gate = Promise.withResolvers<void>();
  const replace = files.replaceText.bind(files);
  files.replaceText = async (path, ...rest) => {
    if (path.endsWith(`${key}.json`)) await gate.promise;
    await replace(path, ...rest);
  };
  return () => gate.resolve();
}

function writersTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

writersTest("writers at once take one lock, and look once for logouts and for a seal", async () => {
  const { process, locked, countOf } = setUp();
  const cache = process();
  const mark = await cache.mark();
  // The first also clears the folder up.
  await cache.put(keyOf("f"), entryFor(3_600), mark);
  const before = [locked.length, countOf("logouts.json"), countOf("seal.json")];
  const keys = ["0", "1", "2", "3", "4", "5", "6", "7"].map(keyOf);
  await Promise.all(keys.map((key) => cache.put(key, entryFor(3_600), mark)));
  const [locks = 0, logouts = 0, seals = 0] = before;
  assertEquals([locked.length - locks, countOf("logouts.json") - logouts], [1, 1]);
  assertEquals(countOf("seal.json") - seals, 1);
  assertEquals((await cache.list()).length, keys.length + 1);
  await cache.put(a, entryFor(3_600), mark);
  assertEquals(locked.length - locks, 2);
});

writersTest(
  "who joins looks for no seal, and who comes 50 ms later takes a lock anew",
  async () => {
    const parts = setUp();
    const { process, locked, countOf, clock } = parts;
    const cache = process();
    const mark = await cache.mark();
    await cache.put(keyOf("f"), entryFor(3_600));
    const go = holdBack(parts, a);
    const slow = cache.put(a, entryFor(3_600), mark);
    await settle();
    await clock.advance(49);
    const seals = countOf("seal.json");
    const second = cache.put(b, entryFor(3_600), mark);
    await settle();
    assertEquals([locked.length, countOf("seal.json")], [1, seals]);
    await clock.advance(1);
    const third = cache.put(c, entryFor(3_600), mark);
    await settle();
    assertEquals(locked.length, 2);
    go();
    await Promise.all([slow, second, third]);
    assertEquals((await cache.list()).length, 4);
  },
);

writersTest("a logout waits until the last of them has written, and removes it all", async () => {
  const parts = setUp();
  const { process, warnings } = parts;
  const cache = process();
  const mark = await cache.mark();
  const go = holdBack(parts, a);
  const writing = [a, b, c].map((key) => cache.put(key, entryFor(3_600), mark));
  await settle();
  let removed: unknown;
  const logout = process().logOut([scopeOfKim]).then((found) => removed = found);
  await settle();
  assertEquals(removed, undefined);
  go();
  await Promise.all([...writing, logout]);
  assertEquals(removed, { removed: 3, left: 0 });
  assertEquals([await cache.list(), warnings], [[], []]);
  // What they knew ends with the lock.
  await cache.put(a, entryFor(3_600), mark);
  assertEquals(await cache.list(), []);
});

writersTest("what a logout overtook, since a writer was stopped, is taken back", async () => {
  const parts = setUp();
  const { process, clock, warnings } = parts;
  const cache = process();
  const mark = await cache.mark();
  const go = holdBack(parts, a);
  const writing = cache.put(a, entryFor(3_600), mark);
  await settle();
  const logout = process().logOut([scopeOfKim]);
  await clock.advance(10_000);
  assertEquals(await logout, { removed: 0, left: 0 });
  go();
  await writing;
  assertEquals(await cache.list(), []);
  assertEquals(warnings, [
    'cache: profile "kim" has been logged out: what was begun before that is kept in memory only',
  ]);
});

writersTest(
  "who is about to write in the clear is waited for when the cache is sealed",
  async () => {
    const parts = setUp();
    const { process, files } = parts;
    const cache = process();
    const mark = await cache.mark();
    const go = holdBack(parts, a);
    const writing = cache.put(a, entryFor(3_600), mark);
    await settle();
    let isSealed = false;
    const sealing = process().seal(true).then(() => isSealed = true);
    await settle();
    assert(files.contents.has(`${folder}/seal.json`));
    assertEquals(isSealed, false);
    go();
    await Promise.all([writing, sealing]);
    assertEquals((await cache.list()).map((entry) => entry.isSealed), [true]);
  },
);

writersTest("what is missing under a key's lock is not looked for again", async () => {
  const { process, countOf, files } = setUp();
  const cache = process();
  assertEquals(await cache.look(a), { isVacant: true, hasNoFolder: true });
  // Without a folder there is nothing to look for.
  assertEquals([countOf(`${a}.refused`), countOf(`${a}.json`)], [0, 0]);
  files.contents.set(`${folder}/other`, "");
  assertEquals(await cache.look(a), { isVacant: true, hasNoFolder: false });
  await cache.put(a, entryFor(3_600), await cache.mark(), true);
  // The entry is looked at once more when the folder is cleared up.
  assertEquals([countOf(`${a}.refused`), countOf(`${a}.json`)], [1, 2]);
  const refusal = { time: start, message: "no", operation: "GetSessionToken" };
  await cache.refuse(b, refusal);
  assertEquals((await cache.look(b)).refusal?.message, "no");
  assertEquals((await cache.look(b)).isVacant, false);
  await cache.put(b, entryFor(3_600), await cache.mark());
  assertEquals((await cache.look(b)).credentials?.AccessKeyId, "ASIAEXAMPLEEXAMPLE7Q");
  assertEquals(await cache.refusal(b), undefined);
  // A file that cannot be read is one all the same.
  files.contents.set(`${folder}/${c}.json`, new Error("permission denied"));
  assertEquals((await cache.look(c)).isVacant, false);
});

writersTest("a lock that could not be had is asked for again", async () => {
  const { process, files, locked } = setUp();
  const cache = process();
  const mark = await cache.mark();
  const lock = files.lock;
  files.lock = () => Promise.reject(new Error("no locks here"));
  await cache.put(a, entryFor(3_600), mark);
  files.lock = lock;
  await cache.put(b, entryFor(3_600), mark);
  assertEquals([locked.length, (await cache.list()).length], [1, 2]);
});

writersTest(
  "who finds a seal asks for its key once, and who keeps a refusal for none",
  async () => {
    const { process, keeper } = setUp();
    const [first, second] = [process(), process()];
    const mark = await second.mark();
    await second.put(a, entryFor(3_600), mark);
    await first.seal(true);
    const asked = keeper.asked.length;
    const refusal = { time: start, message: "no", operation: "GetSessionToken" };
    const kept = [
      second.refuse(c, { ...refusal, owner: { profile: "dev", operation: "AssumeRole" } }, mark),
      second.refuse(keyOf("d"), refusal, mark),
    ];
    await Promise.all(kept);
    assertEquals(keeper.asked.length, asked);
    await Promise.all([b, keyOf("e")].map((key) => second.put(key, entryFor(3_600), mark)));
    assertEquals(keeper.asked.slice(asked), ["load"]);
    assertEquals((await second.list()).map((entry) => entry.isSealed), [true, true, true]);
  },
);
