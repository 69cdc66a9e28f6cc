import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Logger } from "../../src/logger.ts";
import { silentLogger } from "../../src/logger.ts";
import { createSessionCache } from "../../src/cache/cache.ts";
import { cacheFolder } from "../../src/cache/cache_folder.ts";
import { formatEntry } from "../../src/cache/entry.ts";
import { createRefusal } from "../../src/cache/refusal.ts";
import { StsError } from "../../src/errors.ts";
import { isUsable } from "../../src/schedule.ts";
import { fakeSystem, type FakeSystemParts } from "../fake_system.ts";
import { settle } from "../settle.ts";
import { credentialsFor, diskCache, entryFor, keyOf, start } from "../session/fixtures.ts";

const folder = "/home/kim/.aws/stsaval";
const key = keyOf("a");
const path = `${folder}/${key}.json`;
const fileOf = (of: string) => `${folder}/${of}.json`;
const hour = 3_600_000;
const minute = 60_000;
const temporary = `${path}.00000000-0000-4000-8000-000000000000.tmp`;

/** Changes with each session token that took a code. */
const stamp = `${folder}/session.stamp`;

function setUp(parts: FakeSystemParts = {}, skewMs?: () => number) {
  const system = fakeSystem(parts);
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  return { ...system, warnings, cache: diskCache({ ...system, logger, skewMs }) };
}

Deno.test({
  name: "an entry comes back as it was put",
  permissions: "none",
  async fn() {
    const { cache } = setUp();
    assertEquals(await cache.get(key), undefined);
    await cache.put(key, entryFor(3_600));
    assertEquals(await cache.get(key), credentialsFor(3_600));
    assertEquals(await cache.get(keyOf("b")), undefined);
  },
});

Deno.test({
  name: "another process finds the entry, in a file of 0600 that says for whom it is",
  permissions: "none",
  async fn() {
    const { cache, files, env, clock } = setUp();
    await cache.put(key, entryFor(3_600));
    assertEquals(files.modes.get(path), 0o600);
    const { version, profile, operation } = JSON.parse(await files.readText(path) ?? "");
    assertEquals({ version, profile, operation }, {
      version: 1,
      profile: "kim",
      operation: "GetSessionToken",
    });
    const other = diskCache({ files, env, clock, logger: silentLogger });
    assertEquals(await other.get(key), credentialsFor(3_600));
  },
});

Deno.test({
  name:
    "an entry is handed out while more than 15 minutes, or a quarter of a shorter life, are left",
  permissions: "none",
  async fn() {
    const lives: readonly [number, number][] = [
      [43_200, 11 * hour + 45 * minute],
      [3_600, 45 * minute],
      [900, 11 * minute + 15_000],
    ];
    for (const [seconds, servesMs] of lives) {
      const { cache, clock } = setUp();
      await cache.put(key, entryFor(seconds));
      await clock.advance(servesMs - 1);
      assert(await cache.get(key) !== undefined, `${seconds} s, just before`);
      await clock.advance(1);
      assertEquals(await cache.get(key), undefined, `${seconds} s, at the window`);
      const toItsEnd = await cache.get(key, { serves: isUsable });
      assertEquals(toItsEnd, credentialsFor(seconds), `${seconds} s, to its end`);
    }
  },
});

Deno.test({
  name: "a long session serves who wants a short one, and not the other way round",
  permissions: "none",
  async fn() {
    const { cache } = setUp();
    await cache.put(key, entryFor(3_600));
    assert(await cache.get(key, { durationSeconds: 900 }) !== undefined);
    assert(await cache.get(key, { durationSeconds: 3_600 }) !== undefined);
    assertEquals(await cache.get(key, { durationSeconds: 43_200 }), undefined);
  },
});

Deno.test({
  name: "get() removes an entry that has ended, and no other",
  permissions: "none",
  async fn() {
    const { cache, files, clock } = setUp();
    await cache.put(key, entryFor(3_600));
    await clock.advance(hour - 1);
    await cache.get(key);
    assert(files.contents.has(path));
    await clock.advance(1);
    await cache.get(key);
    assert(!files.contents.has(path));
  },
});

Deno.test({
  name: "what is no entry is a miss and is named in the log, once",
  permissions: "none",
  async fn() {
    const good = formatEntry(entryFor(3_600));
    const bad = {
      "nothing": "",
      "half": good.slice(0, good.length / 2),
      "no object": "[]",
      "an older version": good.replace('"version": 1', '"version": 0'),
      "no token": good.replace('"SessionToken"', '"Session"'),
      "an empty secret": good.replace("the/secret+access=key", ""),
      "no date": good.replace('"Expiration": "2026', '"Expiration": "soon'),
      "no operation": good.replace('"operation"', '"call"'),
      "no duration": good.replace('"durationSeconds"', '"duration"'),
      "no profile": good.replace('"profile"', '"who"'),
      "credentials that are text": JSON.stringify({ ...JSON.parse(good), credentials: "x" }),
    };
    for (const [what, text] of Object.entries(bad)) {
      const { cache, warnings } = setUp({ files: { [path]: text } });
      assertEquals(await cache.get(key), undefined, what);
      assertEquals(await cache.get(key), undefined, what);
      assertEquals(warnings.length, 1, what);
      assertStringIncludes(warnings[0] ?? "", `"${path}" is not used: it is not a cache entry`);
      await cache.put(key, entryFor(3_600));
      assert(await cache.get(key) !== undefined, `${what}, then put`);
    }
  },
});

Deno.test({
  name: "a file that cannot be read or written is a miss and is named in the log",
  permissions: "none",
  async fn() {
    const { cache, warnings } = setUp({ files: { [path]: new Error("permission denied") } });
    assertEquals(await cache.get(key), undefined);
    await cache.put(key, entryFor(3_600));
    assertEquals(warnings, [`cache: "${path}" is not used: permission denied`]);
  },
});

Deno.test({
  name: "a folder that cannot be written is named once, however many entries there are",
  permissions: "none",
  async fn() {
    const { cache, files, warnings } = setUp({});
    files.replaceText = () => Promise.reject(new Error("permission denied"));
    for (const letter of ["a", "b", "c"]) await cache.put(letter.repeat(64), entryFor(3_600));
    const folder = path.replace(/\/[^/]*$/, "");
    assertEquals(warnings, [`cache: "${folder}" is not used: permission denied`]);
  },
});

Deno.test({
  name:
    "a file that others may use is refused, said, and left as it is until a new entry takes its place",
  permissions: "none",
  async fn() {
    for (const mode of [0o640, 0o604, 0o404, 0o700, undefined]) {
      const { cache, files, warnings } = setUp({
        files: { [path]: formatEntry(entryFor(3_600)) },
      });
      files.said.set(path, mode === undefined ? { foreign: true } : { mode });
      assertEquals(await cache.get(key), undefined);
      assertEquals(warnings.length, 1);
      assertStringIncludes(
        warnings[0] ?? "",
        mode === undefined
          ? "it belongs to another user"
          : "other users have access: its mode is 0",
      );
      assert(files.contents.has(path));
    }
  },
});

Deno.test({
  name: "the warning about a mode says the mode that was found and how to narrow it",
  permissions: "none",
  async fn() {
    const { cache, files, warnings } = setUp({ files: { [path]: "{}" } });
    files.said.set(path, { mode: 0o644 });
    await cache.get(key);
    assertEquals(warnings, [
      `cache: "${path}" is not used: other users have access: its mode is 0644, wanted 0600; ` +
      `check who could read it, then run 'chmod 0600 ${path}' or remove it`,
    ]);
  },
});

Deno.test({
  name: "a system without modes is trusted, and a narrower mode is fine",
  permissions: "none",
  async fn() {
    for (const mode of [undefined, 0o400]) {
      const { cache, files, warnings } = setUp();
      await cache.put(key, entryFor(3_600));
      files.said.set(path, { mode });
      assert(await cache.get(key) !== undefined);
      assertEquals(warnings, []);
    }
  },
});

Deno.test({
  name: "in a folder that others may use nothing is read, written, locked or listed",
  permissions: "none",
  async fn() {
    const text = formatEntry(entryFor(3_600));
    const { cache, files, warnings } = setUp({ files: { [path]: text } });
    files.said.set(folder, { mode: 0o755 });
    assertEquals(await cache.get(key), undefined);
    await cache.put(key, entryFor(43_200));
    assertEquals(await cache.lockPath(key), undefined);
    assertStringIncludes((await cache.keepProblem())?.hint ?? "", "mode");
    assertEquals(await cache.list(), []);
    assertEquals([...files.contents], [[path, text]]);
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0] ?? "", "its mode is 0755, wanted 0700");
  },
});

Deno.test({
  name: "keepProblem() is undefined where a file can be written, and leaves none",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp();
    assertEquals(await cache.keepProblem(), undefined);
    assertEquals(files.contents.size, 0);
    files.replaceText = () => Promise.reject(new Error("read-only file system"));
    assert(await cache.keepProblem());
  },
});

Deno.test({
  name: "what keepProblem() of a killed process left is nobody's refusal, and is cleared away",
  permissions: "none",
  async fn() {
    const { cache, files, clock, warnings } = setUp();
    files.remove = () => new Promise(() => {});
    cache.keepProblem();
    await settle();
    const [left = ""] = files.contents.keys();
    assertEquals(files.modes.get(left), 0o600);
    for (const way of ["logout", "list"] as const) {
      const next = setUp({ files: { [left]: files.contents.get(left) ?? "" }, clock });
      assertEquals(
        await next.cache.refusal(left.slice(folder.length + 1, -".refused".length)),
        undefined,
      );
      await clock.advance(2 * minute);
      await (way === "list" ? next.cache.list() : next.cache.logOut("all"));
      assertEquals(next.files.contents.has(left), false, way);
    }
    assertEquals(warnings, []);
  },
});

Deno.test({
  name: "list() gives what is alive, the first to end first, and removes what has ended",
  permissions: "none",
  async fn() {
    const { cache, clock, files } = setUp();
    await cache.put(keyOf("a"), entryFor(43_200));
    await cache.put(keyOf("b"), entryFor(3_600, { profile: "lee" }));
    await cache.put(keyOf("c"), entryFor(900));
    await clock.advance(900_000);
    const found = await cache.list();
    assertEquals(found.map(({ key, profile }) => [key, profile]), [
      [keyOf("b"), "lee"],
      [keyOf("a"), "kim"],
    ]);
    assertEquals([...files.contents.keys()].sort(), [
      ...[keyOf("a"), keyOf("b")].map(fileOf),
      stamp,
    ]);
  },
});

Deno.test({
  name: "remove() forgets the entries that match and says how many",
  permissions: "none",
  async fn() {
    const { cache } = setUp();
    await cache.put(keyOf("a"), entryFor(3_600));
    await cache.put(keyOf("b"), entryFor(3_600, { profile: "lee" }));
    const removed = await cache.logOut([{ named: ["lee"], profiles: [], roleArns: [], users: [] }]);
    assertEquals(removed, { removed: 1, left: 0 });
    assertEquals((await cache.list()).map((entry) => entry.key), [keyOf("a")]);
  },
});

Deno.test({
  name: "clear() forgets all of stsaval's own, readable or not, and nothing else",
  permissions: "none",
  async fn() {
    const { cache } = setUp();
    await cache.put(key, entryFor(3_600));
    await cache.refuse(keyOf("b"), { time: start, message: "no", operation: "AssumeRole" });
    assertEquals(await cache.logOut("all"), { removed: 1, left: 0 });
    assertEquals(await cache.list(), []);
    assertEquals(await cache.refusal(keyOf("b")), undefined);
    const { cache: broken, files } = setUp({
      files: { [path]: "{", [temporary]: "{", [`${folder}/notes.txt`]: "mine" },
    });
    files.said.set(folder, { mode: 0o777 });
    assertEquals(await broken.logOut("all"), { removed: 1, left: 0 });
    assertEquals([...files.contents.keys()], [`${folder}/notes.txt`]);
    await files.replaceText(path, "{");
    files.remove = () => Promise.reject(new Error("permission denied"));
    assertEquals(await broken.logOut("all"), { removed: 0, left: 1 });
  },
});

Deno.test({
  name: "the first put() of a process clears away what ended and what killed writers left",
  permissions: "none",
  async fn() {
    const ended = `${folder}/${keyOf("b")}.json`;
    const broken = `${folder}/${keyOf("c")}.json`;
    const refused = `${folder}/${keyOf("d")}.refused`;
    const lock = `${folder}/${keyOf("e")}.lock`;
    const { cache, files, clock } = setUp({
      files: {
        [ended]: formatEntry(entryFor(900)),
        [broken]: "{",
        [temporary]: "{",
        [refused]: "{}",
        [lock]: "",
        [`${folder}/notes.txt`]: "mine",
      },
    });
    const modified = start + 900_000;
    for (const name of [broken, temporary, refused, lock]) files.said.set(name, { modified });
    await clock.advance(900_000 + minute);
    await cache.put(key, entryFor(43_200));
    const left = [broken, temporary, refused, lock, `${folder}/notes.txt`, path];
    assertEquals([...files.contents.keys()], [...left, stamp], "a minute is not enough");

    const next = diskCache({ ...fakeSystem(), files, clock, logger: silentLogger });
    await clock.advance(1);
    await next.put(keyOf("f"), entryFor(43_200));
    files.contents.set(temporary, "{");
    await next.put(keyOf("f"), entryFor(43_200));
    assert(files.contents.delete(temporary), "once a process is enough");
    const newest = `${folder}/${keyOf("f")}.json`;
    const kept = [broken, lock, `${folder}/notes.txt`, path, stamp, newest];
    assertEquals([...files.contents.keys()], kept);

    await clock.advance(36 * hour);
    await next.list();
    assertEquals([...files.contents.keys()], [`${folder}/notes.txt`, stamp]);
  },
});

Deno.test({
  name: "a clock that is slow is set right by the entry, one that is fast is not believed",
  permissions: "none",
  async fn() {
    const [slow, fast] = [600_000, -600_000];
    const { cache } = setUp();
    await cache.put(key, entryFor(3_600, { credentials: credentialsFor(3_600, slow) }));
    assertEquals(await cache.get(key), undefined, "issued in the future, by a clock set back");
    await cache.put(
      key,
      entryFor(3_600, { credentials: credentialsFor(3_600, slow), skewMs: slow }),
    );
    assert(await cache.get(key) !== undefined);
    await cache.put(
      key,
      entryFor(3_600, { credentials: credentialsFor(3_600, fast), skewMs: fast }),
    );
    assert(await cache.get(key) !== undefined);

    const later = setUp();
    await later.cache.put(key, entryFor(3_600, { skewMs: fast }));
    await later.clock.advance(45 * minute);
    assertEquals(await later.cache.get(key), undefined);
  },
});

Deno.test({
  name: "what STS itself has said of the clock in this process counts more than the entry",
  permissions: "none",
  async fn() {
    const { cache } = setUp({}, () => 46 * minute);
    await cache.put(key, entryFor(3_600));
    assertEquals(await cache.get(key), undefined);
  },
});

Deno.test({
  name: "a refusal is kept until an entry is put",
  permissions: "none",
  async fn() {
    const error = new StsError("Cannot get a session token: AccessDenied", {
      operation: "GetSessionToken",
      awsCode: "AccessDenied",
      hint: "wait for the next code",
    });
    const { cache } = setUp();
    const refusal = createRefusal(error, start, "digest");
    await cache.put(key, entryFor(3_600));
    assertEquals(await cache.refusal(key), undefined);
    await cache.refuse(key, refusal);
    assertEquals(await cache.refusal(key), refusal);
    await cache.put(key, entryFor(3_600));
    assertEquals(await cache.refusal(key), undefined);
  },
});

Deno.test({
  name: "cacheFolder() is STSAVAL_CACHE_DIR, else below the home, else nowhere",
  permissions: "none",
  fn() {
    const of = (env: Record<string, string>) => cacheFolder({ get: (name) => env[name] });
    assertEquals(of({ HOME: "/home/kim" }), folder);
    assertEquals(of({ HOME: "/home/kim", STSAVAL_CACHE_DIR: "/run/kim" }), "/run/kim");
    // An env file knows no shell that would put the home in its place.
    assertEquals(of({ HOME: "/home/kim", STSAVAL_CACHE_DIR: "~/kept" }), "/home/kim/kept");
    assertEquals(of({ STSAVAL_CACHE_DIR: "~/kept" }), undefined);
    assertEquals(of({ USERPROFILE: "C:\\kim" }), "C:\\kim/.aws/stsaval");
    assertEquals(of({}), undefined);
    const homeless = { ...fakeSystem(), env: { get: () => undefined }, logger: silentLogger };
    assertEquals(createSessionCache(homeless), undefined);
  },
});

Deno.test({
  name: "a slash at the end of STSAVAL_CACHE_DIR changes nothing",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp({ env: { STSAVAL_CACHE_DIR: "/run/kim//" } });
    await cache.put(key, entryFor(3_600));
    assertEquals([...files.contents.keys()], [`/run/kim/${key}.json`, "/run/kim/session.stamp"]);
    assertEquals(await cache.lockPath(key), `/run/kim/${key}.lock`);
  },
});

Deno.test({
  name: "an entry that is a pipe is not read: whoever did would wait for its writer",
  permissions: "none",
  async fn() {
    const { cache, files, warnings } = setUp();
    await cache.put(key, entryFor(3_600));
    files.said.set(path, { special: true });
    assertEquals(await cache.get(key), undefined);
    assertStringIncludes(warnings.join(), "it is a pipe or a device, wanted a file");
  },
});

Deno.test({
  name: "what was written through a link is removed through it, but not where others can make one",
  permissions: "none",
  async fn() {
    const target = "/mnt/ram/entry";
    for (const mode of [0o700, 0o777]) {
      const { cache, files } = setUp();
      files.links.set(path, target);
      await cache.put(key, entryFor(3_600));
      files.contents.set(path, "the link");
      files.said.set(folder, { mode });
      await cache.logOut("all");
      assertEquals(
        [files.contents.has(target), files.contents.has(path)],
        mode === 0o700 ? [false, true] : [true, false],
      );
    }
  },
});

Deno.test({
  name: "list() gives what ends first first, and by name what ends in the same second",
  permissions: "none",
  async fn() {
    const { cache } = setUp();
    const ends = [["late", 7_200_000], ["b", 3_600_000], ["a", 3_600_900], ["soon", 3_599_000]];
    for (const [index, [profile, endMs]] of ends.entries()) {
      const credentials = credentialsFor(Number(endMs) / 1_000);
      const entry = entryFor(3_600, { profile: String(profile), credentials });
      await cache.put(keyOf(String(index)), entry);
    }
    const names = (await cache.list()).map(({ profile }) => profile);
    assertEquals(names, ["soon", "a", "b", "late"]);
  },
});

Deno.test({
  name: "tidy() removes a folder that was made for the lock alone, and none that was there before",
  permissions: "none",
  async fn() {
    for (const [files, left] of [[{}, 0], [{ [`${folder}/${key}.lock`]: "" }, 1]] as const) {
      const system = setUp({ files });
      assertEquals(await system.cache.lockPath(key), `${folder}/${key}.lock`);
      (await system.files.lock(`${folder}/${key}.lock`, "asks"))[Symbol.dispose]();
      await system.cache.tidy(key);
      assertEquals(system.files.contents.size, left);
    }
  },
});

Deno.test({
  name: "put() ends when the refusal is gone, however long that takes",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp();
    const error = new StsError("no", { operation: "AssumeRole" });
    await cache.refuse(key, createRefusal(error, start, undefined));
    const remove = files.remove.bind(files);
    files.remove = async (path: string) => {
      await settle();
      await remove(path);
    };
    await cache.put(key, entryFor(3_600, { operation: "AssumeRole" }));
    assertEquals(await cache.refusal(key), undefined);
    assertEquals([...files.contents.keys()].filter((name) => name.endsWith(".refused")), []);
  },
});

Deno.test({
  name: "what put() replaces is gone when it has ended",
  permissions: "none",
  async fn() {
    const { cache, files } = setUp();
    const error = new StsError("no", { operation: "AssumeRole" });
    await cache.refuse(key, createRefusal(error, start, undefined));
    assert(await cache.refusal(key) !== undefined);
    await cache.put(key, entryFor(3_600, { operation: "AssumeRole" }));
    assertEquals([...files.contents.keys()].filter((name) => name.endsWith(".refused")), []);
  },
});
