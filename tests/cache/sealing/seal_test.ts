/**
 * How the seal of a cache ends: the file first, then the key, and only then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OwnerOnlyFolder } from "../../../src/cache/owner_only_folder.ts";
import { CacheSeal, sealName } from "../../../src/cache/sealing/seal.ts";
import { type Logger, silentLogger } from "../../../src/logger.ts";
import { fakeSystem } from "../../fake_system.ts";
import { credentialsFor, diskCache, entryFor, keyOf } from "../../session/fixtures.ts";
import { settle } from "../../settle.ts";
import { FakeKeeper } from "./fake_keeper.ts";

const path = "/home/kim/.aws/stsaval";

function setUp() {
  const { files, random } = fakeSystem();
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  const keeper = new FakeKeeper();
  const folder = new OwnerOnlyFolder(path, 0o700, { files, logger });
  return {
    files,
    random,
    warnings,
    keeper,
    seal: new CacheSeal(folder, logger, { keepers: keeper, random }),
  };
}

Deno.test("what is not sealed is left as it is when its seal is to end", async () => {
  const { seal, keeper, warnings } = setUp();
  await seal.end();
  assertEquals([keeper.asked, warnings], [[], []]);
});

Deno.test("the key is removed once the seal is gone, and kept while the seal cannot be removed", async () => {
  const { files, seal, keeper } = setUp();
  assert(await seal.begin());
  const remove = files.remove.bind(files);
  files.remove = () => Promise.reject(new Error("read-only file system"));
  await seal.end();
  assert(keeper.key !== undefined);
  assert(files.contents.has(`${path}/${sealName}`));
  files.remove = remove;
  await seal.end();
  assertEquals([keeper.key, files.contents.has(`${path}/${sealName}`)], [undefined, false]);
  assertEquals(await seal.isOn(), false);
});

Deno.test("a key that cannot be removed is said to be left", async () => {
  const { seal, keeper, warnings } = setUp();
  assert(await seal.begin());
  keeper.problem = new Error("locked");
  await seal.end();
  assertEquals(warnings, ["cache: the key of the cache is left in keyctl: locked"]);
});

Deno.test("while a keeper is asked for the key, no lock is held", async () => {
  const { files, keeper, ...system } = setUp();
  const sealing = { keepers: keeper, random: system.random };
  const process = () => diskCache({ ...fakeSystem(), files, logger: silentLogger, sealing });
  await process().seal(true);
  const load = keeper.load.bind(keeper);
  const gate = Promise.withResolvers<void>();
  let isAsked = false;
  keeper.load = async (note) => {
    isAsked = true;
    await gate.promise;
    return await load(note);
  };
  const held = new Set<Disposable>();
  let taken = 0;
  const lock = files.lock.bind(files);
  files.lock = async (...request) => {
    const given = await lock(...request);
    held.add(given);
    taken++;
    return {
      [Symbol.dispose]() {
        given[Symbol.dispose]();
        held.delete(given);
      },
    };
  };
  const cache = process();
  const putting = cache.put(keyOf("a"), entryFor(3_600), await cache.mark());
  await settle();
  assertEquals([isAsked, taken, held.size], [true, 1, 0]);
  gate.resolve();
  await putting;
  assert(taken > 1);
  assertEquals(held.size, 0);
  assertEquals(await process().get(keyOf("a")), credentialsFor(3_600));
});
