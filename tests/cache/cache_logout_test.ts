/**
 * What a logout removes and keeps out, which locks it takes, and what the cache looks at and cannot look at.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createLogoutFile } from "../../src/cache/cache.ts";
import type { CacheEntry } from "../../src/cache/entry.ts";
import type { LogoutScope } from "../../src/cache/logouts.ts";
import { acquireLockIfAny } from "../../src/cache/lock.ts";
import type { Refusal } from "../../src/cache/refusal.ts";
import { fileError } from "../../src/file_error.ts";
import { type Logger, silentLogger } from "../../src/logger.ts";
import { fakeSystem, type FakeSystemParts } from "../fake_system.ts";
import { credentialsFor, diskCache, entryFor, keyOf, start } from "../session/fixtures.ts";

const folder = "/home/kim/.aws/stsaval";
const none: LogoutScope = { named: [], profiles: [], roleArns: [], users: [] };
const ofKim: readonly LogoutScope[] = [{ ...none, named: ["kim"] }];
const asKim = { profile: "kim", operation: "GetSessionToken" };

function setUp(parts: FakeSystemParts = {}) {
  const system = fakeSystem(parts);
  const warnings: string[] = [];
  const infos: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (message) => void warnings.push(message),
    info: (message) => void infos.push(message),
  };
  return { ...system, logger, warnings, infos, cache: diskCache({ ...system, logger }) };
}

function refusalOf(profile: string | undefined): Refusal {
  const owner = profile === undefined ? {} : { owner: { ...asKim, profile } };
  return { time: start, message: "no", operation: "GetSessionToken", ...owner };
}

function roleEntry(profile: string): CacheEntry {
  return entryFor(3_600, {
    profile,
    operation: "AssumeRole",
    roleArn: `arn:aws:iam::111122223333:role/${profile}`,
    mfaSerial: undefined,
  });
}

function cacheTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

cacheTest(
  "a logout removes the entries and the refusals of its profiles, and no others",
  async () => {
    const { cache, files } = setUp();
    const keys = ["a", "b", "c", "d", "e"].map(keyOf);
    const [a = "", b = "", c = "", d = "", e = ""] = keys;
    await cache.put(a, entryFor(3_600));
    await cache.put(b, roleEntry("kim"));
    await cache.put(c, roleEntry("lee"));
    await cache.refuse(d, refusalOf("kim"));
    await cache.refuse(e, refusalOf("lee"));
    await cache.refuse(keyOf("f"), refusalOf(undefined));
    await files.replaceText(`${folder}/notes.txt`, "mine");
    for (const path of files.contents.keys()) files.said.set(path, { modified: start });
    assertEquals(await cache.logOut(ofKim), { removed: 2, left: 0 });
    assertEquals((await cache.list()).map(({ key }) => key), [c]);
    assertEquals(await cache.refusal(d), undefined);
    assertEquals((await cache.refusal(e))?.owner?.profile, "lee");
    assertEquals((await cache.refusal(keyOf("f")))?.message, "no");
    assert(files.contents.has(`${folder}/notes.txt`));
    files.remove = () => Promise.reject(new Error("permission denied"));
    assertEquals(await cache.logOut([{ ...none, named: ["lee"] }]), { removed: 0, left: 1 });
  },
);

cacheTest(
  "what a logout of some leaves is still there for who began before, if it is another's",
  async () => {
    const { cache } = setUp();
    const mark = await cache.mark();
    await cache.logOut([{ ...none, profiles: ["dev"], users: ["kim"] }]);
    await cache.put(keyOf("a"), entryFor(3_600), mark);
    await cache.put(keyOf("b"), roleEntry("dev"), mark);
    await cache.put(keyOf("c"), roleEntry("kim"), mark);
    await cache.put(keyOf("d"), roleEntry("dev"), await cache.mark());
    await cache.put(keyOf("e"), roleEntry("dev"));
    assertEquals((await cache.list()).map(({ key }) => key).sort(), ["c", "d", "e"].map(keyOf));
  },
);

cacheTest(
  "what began before a logout is kept out, in files too, and said once for a profile",
  async () => {
    const { cache, files, warnings } = setUp();
    const mark = await cache.mark();
    await cache.logOut("all");
    const kept = "what was begun before that is kept in memory only";
    for (const key of ["a", "b"]) await cache.put(keyOf(key), entryFor(3_600), mark);
    await cache.refuse(keyOf("c"), refusalOf("kim"), mark);
    assertEquals(warnings, [`cache: profile "kim" has been logged out: ${kept}`]);
    await cache.refuse(keyOf("c"), refusalOf("lee"), mark);
    assertEquals(warnings.slice(1), [`cache: profile "lee" has been logged out: ${kept}`]);
    assertEquals([...files.contents.keys()].filter((path) => !path.includes("logouts")), []);
    // A refusal that nobody owns tells nothing of a profile.
    await cache.refuse(keyOf("c"), refusalOf(undefined), mark);
    assertEquals((await cache.refusal(keyOf("c")))?.message, "no");
  },
);

cacheTest(
  "writers share the lock, a logout has it alone, and what began without a mark takes none",
  async () => {
    const { cache, files } = setUp();
    const taken: string[] = [];
    const lock = files.lock.bind(files);
    files.lock = (path, purpose, options) => {
      taken.push(`${path.slice(folder.length + 1)} ${purpose} ${options?.shared === true}`);
      return lock(path, purpose, options);
    };
    await cache.put(keyOf("a"), entryFor(3_600));
    assertEquals(taken, []);
    await cache.put(keyOf("a"), entryFor(3_600), await cache.mark());
    await cache.refuse(keyOf("b"), refusalOf("kim"), await cache.mark());
    await cache.logOut("all");
    assertEquals(taken, [
      "logouts.lock caches credentials true",
      "logouts.lock caches credentials true",
      "logouts.lock logs out false",
    ]);
    // They were given back.
    using _free = await lock(`${folder}/logouts.lock`, "is free");
  },
);

cacheTest("where no lock can be had, what a logout overtook is taken back", async () => {
  const { cache, files, warnings } = setUp();
  files.lock = () => Promise.reject(new Error("no locks here"));
  const mark = await cache.mark();
  const replace = files.replaceText.bind(files);
  const key = keyOf("a");
  files.replaceText = async (path, text, options) => {
    await replace(path, text, options);
    if (!path.endsWith(`${key}.json`)) return;
    files.replaceText = replace;
    await cache.logOut(ofKim);
    await replace(path, text, options);
  };
  await cache.put(key, entryFor(3_600), mark);
  assertEquals(await cache.get(key), undefined);
  assertEquals([...files.contents.keys()].map((path) => path.slice(folder.length + 1)), [
    "logouts.json",
  ]);
  assertEquals(warnings, [
    `lock: "${folder}/logouts.lock" cannot be locked, so other processes may do the same at the same time: ` +
    "no locks here",
    'cache: profile "kim" has been logged out: what was begun before that is kept in memory only',
  ]);
  // Where nothing came in between, it stays.
  await cache.put(key, entryFor(3_600), await cache.mark());
  assertEquals(await cache.get(key), credentialsFor(3_600));
});

cacheTest(
  "a logout waits ten seconds for a writer that was stopped, then goes on, without a word",
  async () => {
    const { cache, files, clock, warnings } = setUp();
    await cache.put(keyOf("a"), entryFor(3_600), await cache.mark());
    using _stopped = await files.lock(`${folder}/logouts.lock`, "caches credentials", {
      shared: true,
    });
    let removed: unknown;
    const logout = cache.logOut("all").then((found) => removed = found);
    await clock.advance(9_999);
    assertEquals(removed, undefined);
    await clock.advance(1);
    await logout;
    assertEquals([removed, warnings], [{ removed: 1, left: 0 }, []]);
  },
);

cacheTest(
  "the stamp changes with session tokens that took a code, and with nothing else",
  async () => {
    const { cache, files } = setUp();
    const stamp = `${folder}/session.stamp`;
    await cache.put(keyOf("a"), roleEntry("dev"));
    await cache.put(keyOf("b"), { ...roleEntry("dev"), mfaSerial: "arn:aws:iam::1:mfa/kim" });
    await cache.put(keyOf("c"), entryFor(3_600, { mfaSerial: undefined }));
    assertEquals(files.contents.get(stamp), undefined);
    await cache.put(keyOf("d"), entryFor(3_600));
    assertEquals(files.contents.get(stamp), "2026-01-01T01:00:00.000Z\n");
  },
);

cacheTest(
  "get() tells by how much the entry's clock was ahead, and when it was issued",
  async () => {
    const told: unknown[] = [];
    const system = fakeSystem();
    const onSkew = (ms: number, issued: number) => void told.push([ms, issued - start]);
    const cache = diskCache({ ...system, logger: silentLogger, onSkew });
    await cache.put(
      keyOf("a"),
      entryFor(3_600, { skewMs: 7_000, credentials: credentialsFor(3_600, 5_000) }),
    );
    await cache.put(keyOf("b"), entryFor(3_600, { skewMs: -7_000 }));
    for (const key of ["a", "b", "c"]) await cache.get(keyOf(key));
    // One that does not serve tells nothing.
    await cache.get(keyOf("a"), { durationSeconds: 43_200 });
    assertEquals(told, [[7_000, 5_000], [0, 0]]);
  },
);

cacheTest("unseen() names the folder and the files that could not be looked at", async () => {
  const unreadable = `${folder}/${keyOf("a")}.json`;
  const { cache, files } = setUp({ files: { [unreadable]: new Error("permission denied") } });
  files.said.set(unreadable, { modified: start });
  assertEquals(cache.unseen(), []);
  assertEquals(await cache.list(), []);
  assertEquals(cache.unseen(), [unreadable]);
  const seen = setUp({ files: { [unreadable]: "{" } });
  await seen.cache.list();
  assertEquals(seen.cache.unseen(), [], "what was read is no secret");
  const open = setUp();
  await open.cache.put(keyOf("a"), entryFor(3_600));
  open.files.said.set(folder, { mode: 0o755 });
  await open.cache.list();
  assertEquals(open.cache.unseen(), [folder]);
  files.list = () => Promise.reject(new Error("permission denied"));
  await cache.logOut("all");
  assertEquals(cache.unseen(), [unreadable, folder]);
  // What can be removed, because it is too old for any session, is not left.
  const old = setUp({ files: { [unreadable]: new Error("permission denied") } });
  old.files.said.set(unreadable, { modified: start - 36 * 3_600_000 - 1 });
  await old.cache.list();
  assertEquals([old.cache.unseen(), old.files.contents.size], [[], 0]);
});

cacheTest(
  "a newer version's entry is named in the log of what happens, and no warning",
  async () => {
    const path = `${folder}/${keyOf("a")}.json`;
    const { cache, infos, warnings } = setUp({ files: { [path]: '{"version":2}' } });
    assertEquals(await cache.get(keyOf("a")), undefined);
    assertEquals([infos, warnings], [[`cache: "${path}" is of a newer version`], []]);
  },
);

cacheTest(
  "tidy() removes a folder that was made for the lock, and one in which there is more stays",
  async () => {
    const [key, other] = [keyOf("a"), keyOf("b")];
    const lock = `${folder}/${key}.lock`;
    const removedBy = async (start: FakeSystemParts, more: Record<string, string>) => {
      const { cache, files } = setUp(start);
      const removed: string[] = [];
      assertEquals(await cache.lockPath(key), lock);
      files.contents.set(lock, "");
      for (const [path, text] of Object.entries(more)) files.contents.set(path, text);
      const remove = files.remove.bind(files);
      files.remove = async (path) => {
        await remove(path);
        removed.push(path);
      };
      await cache.lockPath(other);
      await cache.tidy(key);
      return removed;
    };
    assertEquals(await removedBy({}, {}), [lock, folder]);
    assertEquals(await removedBy({}, { [`${folder}/${other}.lock`]: "" }), []);
    assertEquals(await removedBy({ files: { [`${folder}/${key}.json`]: "{" } }, {}), []);
    const { cache, files } = setUp();
    await cache.lockPath(other);
    files.contents.set(`${folder}/${other}.lock`, "");
    await cache.tidy(key);
    assertEquals(files.contents.size, 1, "another's lock");
  },
);

cacheTest(
  "createLogoutFile() keeps the logouts of that folder, and none without a home",
  async () => {
    const system = fakeSystem();
    const ports = { ...system, logger: silentLogger };
    await createLogoutFile(ports)?.add("all");
    assertEquals([...system.files.contents.keys()], [`${folder}/logouts.json`]);
    const mark = await diskCache(ports).mark();
    assertEquals(mark, { id: "2026-01-01T00:00:00.000Z", last: 1 });
    assertEquals(createLogoutFile({ ...ports, env: { get: () => undefined } }), undefined);
    system.files.said.set(folder, { mode: 0o701 });
    assertEquals(await diskCache(ports).mark(), { id: undefined, last: 0 });
    assertEquals(await createLogoutFile(ports)?.mark(), { id: undefined, last: 0 });
  },
);

cacheTest(
  "what no file system locks is done without a lock, and said once for a process",
  async () => {
    const { files, clock, logger, warnings } = setUp();
    const path = `${folder}/x.lock`;
    const options = { purpose: "tries", goal: "try" };
    const wanted = files.lock.bind(files);
    const missing = fileError("ENOLCK");
    files.lock = () => Promise.reject(missing);
    for (const _turn of [1, 2]) {
      assertEquals(await acquireLockIfAny({ files, clock, logger }, path, options), undefined);
    }
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0] ?? "", `lock: "${path}" cannot be locked, so other processes`);
    assertStringIncludes(warnings[0] ?? "", "the file system has no locks");
    files.lock = () => Promise.reject(new Error("permission denied"));
    await assertRejects(
      () => acquireLockIfAny({ files, clock, logger }, path, options),
      Error,
      "permission denied",
    );
    files.lock = wanted;
    const lock = await acquireLockIfAny({ files, clock, logger }, path, options);
    assert(lock !== undefined);
    lock[Symbol.dispose]();
  },
);
