import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { StsavalError } from "../../../src/errors.ts";
import { type Logger, silentLogger } from "../../../src/logger.ts";
import { createAnswerFolder } from "../../../src/cache/answers.ts";
import { formatEntry, parseRecord } from "../../../src/cache/entry.ts";
import { fakeSystem, type FakeSystemParts } from "../../fake_system.ts";
import { credentialsFor, diskCache, entryFor, keyOf } from "../../session/fixtures.ts";
import { FakeKeeper } from "./fake_keeper.ts";

const folder = "/home/kim/.aws/stsaval";
const [key, other] = [keyOf("a"), keyOf("b")];
const pathOf = (of: string) => `${folder}/${of}.json`;
const sealPath = `${folder}/seal.json`;
const secrets = ["ASIAEXAMPLEEXAMPLE7Q", "the/secret+access=key", "the//session++token=="];

/** A machine on which several processes share one cache. */
function machine(parts: FakeSystemParts = {}, keeper = new FakeKeeper()) {
  const system = fakeSystem(parts);
  const { clock, env, files, random } = system;
  /** A process of its own: it has asked for no key yet. */
  const process = (canSeal = true) => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    const sealing = canSeal ? { keepers: keeper, random } : undefined;
    return { warnings, cache: diskCache({ clock, env, files, logger, sealing }) };
  };
  const texts = async () => {
    const names = await files.list(folder);
    const all = await Promise.all(names.map((name) => files.readText(`${folder}/${name}`)));
    return all.join("\n");
  };
  return { ...system, keeper, process, texts };
}

async function assertSealed(texts: () => Promise<string>) {
  const found = await texts();
  assertEquals(secrets.filter((secret) => found.includes(secret)), []);
}

function offline(name: string, fn: () => Promise<void>) {
  Deno.test({ name, permissions: "none", fn });
}

offline("a sealed entry comes back in any process, and no file holds what it seals", async () => {
  const { process, texts, keeper, files } = machine();
  const first = process();
  await first.cache.seal(true);
  await first.cache.put(key, entryFor(3_600));
  assertEquals(await first.cache.get(key), credentialsFor(3_600));
  const second = process();
  assertEquals(await second.cache.get(key), credentialsFor(3_600));
  assertEquals([first.warnings, second.warnings], [[], []]);
  await assertSealed(texts);
  assert(!(await texts()).includes(String(keeper.key)));
  assertEquals([files.modes.get(pathOf(key)), files.modes.get(sealPath)], [0o600, 0o600]);
});

offline(
  "a list tells sealed entries from those in the clear, and holds no ciphertext",
  async () => {
    const { process } = machine();
    const { cache } = process();
    await cache.put(key, entryFor(3_600));
    const [open] = await cache.list();
    assertEquals([open?.key, open?.profile, open?.isSealed], [key, "kim", undefined]);
    await cache.seal(true);
    const [sealed] = await cache.list();
    assertEquals([sealed?.key, sealed?.profile, sealed?.isSealed], [key, "kim", true]);
    assertEquals("sealed" in (sealed ?? {}), false);
  },
);

offline("the key is asked for once in a process, and not for what cannot serve", async () => {
  const { process, keeper, clock } = machine();
  const first = process();
  await first.cache.seal(true);
  await first.cache.put(key, entryFor(3_600));
  await first.cache.put(other, entryFor(3_600, { profile: "dev", operation: "AssumeRole" }));
  assertEquals(keeper.asked, ["store", "load"]);
  const second = process();
  assertEquals(await second.cache.get(keyOf("c")), undefined);
  assertEquals(await second.cache.get(key, { durationSeconds: 7_200 }), undefined);
  assertEquals((await second.cache.list()).length, 2);
  assertEquals(keeper.asked.length, 2);
  await second.cache.get(key);
  await second.cache.get(other);
  await second.cache.put(key, entryFor(3_600));
  assertEquals(keeper.asked.slice(2), ["load"]);
  await clock.advance(3_600_000);
  assertEquals(await process().cache.get(key), undefined);
  assertEquals(keeper.asked.length, 3);
});

offline("two writes of one entry share no nonce and no ciphertext", async () => {
  const { process, files } = machine();
  const { cache } = process();
  await cache.seal(true);
  const written: unknown[] = [];
  for (let count = 0; count < 20; count++) {
    await cache.put(key, entryFor(3_600));
    const { nonce, data } = parseRecord(await files.readText(pathOf(key)))?.sealed as {
      readonly nonce: string;
      readonly data: string;
    };
    assertEquals(atob(nonce).length, 12);
    written.push(nonce, data);
  }
  assertEquals(new Set(written).size, 40);
});

offline("what is readable of a sealed entry is what `status` and `logout` need", async () => {
  const { process } = machine();
  const { cache } = process();
  await cache.seal(true);
  await cache.put(key, entryFor(3_600));
  const { warnings, cache: without } = process(false);
  const [listing] = await without.list();
  const { profile, operation, mfaSerial, region, durationSeconds, skewMs } = entryFor(3_600);
  const { StartTime, Expiration } = credentialsFor(3_600);
  assertEquals(
    { ...listing, roleArn: undefined },
    {
      ...{ key, profile, operation, roleArn: undefined, mfaSerial, region },
      ...{ durationSeconds, skewMs, credentials: { StartTime, Expiration }, isSealed: true },
    } as typeof listing & { roleArn: undefined },
  );
  const scope = { named: ["kim"], profiles: [], roleArns: [], users: [] };
  assertEquals(await without.logOut([scope]), { removed: 1, left: 0 });
  assertEquals(await process().cache.get(key), undefined);
  assertEquals(warnings, []);
});

offline("logout of everything works without the key", async () => {
  const { process, keeper } = machine();
  const { cache } = process();
  await cache.seal(true);
  await cache.put(key, entryFor(3_600));
  keeper.problem = new Error("the keyring is locked");
  const { warnings, cache: later } = process();
  assertEquals(await later.logOut("all"), { removed: 1, left: 0 });
  assertEquals([await later.list(), warnings], [[], []]);
});

/** What an attacker, or a bad disk, may do to a file. */
const changes: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ["its profile", (text) => text.replace('"kim"', '"eve"')],
  ["its end", (text) => text.replace("2026-01-01T01:00", "2026-01-01T02:00")],
  ["its start", (text) => text.replace("2026-01-01T00:00", "2025-12-31T23:30")],
  ["its device", (text) => text.replace("mfa/kim", "mfa/eve")],
  ["its region", (text) => text.replace("eu-west-1", "us-east-1")],
  ["its duration", (text) => text.replace('"durationSeconds": 3600', '"durationSeconds": 7200')],
  ["its skew", (text) => text.replace('"skewMs": 0', '"skewMs": 1')],
  ["a role that was added", (text) => text.replace('"region"', '"roleArn": "arn:r", "region"')],
  [
    "its nonce",
    (text) => text.replace(/"nonce": "(.)/, (_, one) => `"nonce": "${one === "A" ? "B" : "A"}`),
  ],
  [
    "its data",
    (text) => text.replace(/"data": "(.)/, (_, one) => `"data": "${one === "A" ? "B" : "A"}`),
  ],
  ["half its data", (text) => text.replace(/"data": "(.{40})[^"]*/, '"data": "$1')],
  ["no data", (text) => text.replace(/"data": "[^"]*/, '"data": "')],
  ["data that is not base64", (text) => text.replace(/"data": "[^"]*/, '"data": "*')],
];

for (const [what, change] of changes) {
  offline(`a sealed entry that was changed is a miss, and said: ${what}`, async () => {
    const { process, files } = machine();
    const { cache } = process();
    await cache.seal(true);
    await cache.put(key, entryFor(3_600));
    const text = await files.readText(pathOf(key)) ?? "";
    assertNotEquals(change(text), text);
    await files.replaceText(pathOf(key), change(text));
    const { warnings, cache: later } = process();
    assertEquals(await later.get(key), undefined);
    assertEquals(await later.get(key), undefined);
    assertEquals(warnings.length, 1);
    assertMatch(
      warnings[0] ?? "",
      /^cache: the sealed credentials of profile "\w+" cannot be opened: /,
    );
    assertMatch(warnings[0] ?? "", /"[^"]*\.json" was changed; .*may take an MFA code$/);
    await later.put(key, entryFor(3_600));
    assertEquals(await later.get(key), credentialsFor(3_600));
  });
}

offline("a sealed entry cannot stand for another one", async () => {
  const { process, files } = machine();
  const { cache } = process();
  await cache.seal(true);
  await cache.put(key, entryFor(3_600));
  await files.replaceText(pathOf(other), await files.readText(pathOf(key)) ?? "");
  const { warnings, cache: later } = process();
  assertEquals(await later.get(other), undefined);
  assertMatch(warnings.join(), /was changed/);
  assertEquals(await later.get(key), credentialsFor(3_600));
});

for (const text of ["", "{", '{"version":3}', '{"version":3,"profile":"kim","sealed":{}}']) {
  offline(`a torn entry is a miss, and said: ${text}`, async () => {
    const { process, files } = machine();
    const { cache } = process();
    await cache.seal(true);
    await files.replaceText(pathOf(key), text);
    const { warnings, cache: later } = process();
    assertEquals(await later.get(key), undefined);
    assertMatch(warnings.join(), /is not used: it is not a cache entry of this version/);
    await later.put(key, entryFor(3_600));
    assertEquals(await later.get(key), credentialsFor(3_600));
  });
}

offline(
  "a key that cannot be had is said with its hint, and nothing is stored in the clear",
  async () => {
    const { process, keeper, texts } = machine();
    const { cache } = process();
    await cache.seal(true);
    await cache.put(key, entryFor(3_600));
    keeper.problem = new StsavalError("FAILED", "The keyring is locked", { hint: "unlock it" });
    const { warnings, cache: later } = process();
    assertEquals(await later.get(key), undefined);
    await later.put(other, entryFor(3_600));
    assertEquals(await later.get(other), undefined);
    assertEquals(keeper.asked, ["store", "load", "load"]);
    assertEquals(warnings.length, 2);
    assertMatch(
      warnings[0] ?? "",
      /^cache: the sealed credentials of profile "kim" cannot be opened: The keyring is locked \(unlock it\); new ones are fetched, which may take an MFA code$/,
    );
    assertMatch(warnings[1] ?? "", /kept in memory only: The keyring is locked \(unlock it\)$/);
    await assertSealed(texts);
    keeper.problem = undefined;
    assertEquals(await process().cache.get(key), credentialsFor(3_600));
  },
);

offline("a key that is gone is said, and replaced by a new one", async () => {
  for (const kept of [undefined, "", "AAAA", btoa("x".repeat(32))]) {
    const { process, keeper, texts } = machine();
    const { cache } = process();
    await cache.seal(true);
    await cache.put(key, entryFor(3_600));
    keeper.key = kept;
    const { warnings, cache: later } = process();
    assertEquals(await later.get(key), undefined);
    await later.put(key, entryFor(3_600));
    assertEquals(await later.get(key), credentialsFor(3_600));
    assertMatch(
      warnings.join("\n"),
      /^cache: the sealed cred.*its key is gone; new ones are.*code$/,
    );
    assertEquals(await process().cache.get(key), credentialsFor(3_600));
    await assertSealed(texts);
  }
});

offline(
  "a seal that is torn, or of another keeper, lets nothing through in the clear",
  async () => {
    for (const text of ["", "{}", '{"version":1,"keeper":"keyctl"}', '{"version":9}']) {
      const { process, files, texts } = machine();
      await process().cache.seal(true);
      await files.replaceText(sealPath, text);
      const { cache } = process();
      await cache.put(key, entryFor(3_600));
      await assertSealed(texts);
      assertEquals(await process().cache.get(key), credentialsFor(3_600));
    }
    const { process, files, texts } = machine();
    await files.replaceText(sealPath, '{"version":1,"keeper":"pass","keyId":"00","note":""}');
    const { warnings, cache } = process();
    await cache.put(key, entryFor(3_600));
    assertMatch(warnings.join(), /kept in memory only: there is no opener "pass"$/);
    await assertSealed(texts);
  },
);

offline("where the cache cannot be sealed, what was to be sealed is not stored", async () => {
  const { process, keeper, texts } = machine();
  keeper.problem = new Error("no keyring");
  const { warnings, cache } = process();
  await cache.seal(true);
  await cache.put(key, entryFor(3_600));
  assertEquals(await cache.get(key), undefined);
  assertEquals(warnings, [
    "cache: the cache cannot be sealed, so credentials are kept in memory only: no keyring",
  ]);
  await assertSealed(texts);
  assertEquals(keeper.asked, ["store"]);
});

offline("a keeper that gives back something else seals nothing", async () => {
  const keeper = new FakeKeeper();
  keeper.load = () => Promise.resolve("something");
  const { process, files } = machine({}, keeper);
  const { warnings, cache } = process();
  await cache.seal(true);
  assertMatch(warnings.join(), /keyctl does not give back what it was given$/);
  assertEquals(await files.readText(sealPath), undefined);
});

offline("who has nothing to open a sealed cache with adds nothing to it in the clear", async () => {
  const { process, texts } = machine();
  const { cache } = process();
  await cache.seal(true);
  await cache.put(key, entryFor(3_600));
  const { warnings, cache: blind } = process(false);
  assertEquals(await blind.get(key), undefined);
  await blind.put(other, entryFor(3_600));
  assertEquals(warnings.length, 2);
  assertMatch(warnings.join("\n"), /nothing that keeps its key was given to this program/);
  await assertSealed(texts);
  assertEquals(await process().cache.get(key), credentialsFor(3_600));
});

offline("to seal the cache seals what is there, and removes the answers", async () => {
  const { process, texts, files, clock, env } = machine();
  await process().cache.put(key, entryFor(3_600));
  await process().cache.put(other, entryFor(3_600, { profile: "dev" }));
  const answers = createAnswerFolder({ clock, env, files, logger: silentLogger });
  const answer = {
    freshUntil: 9_999_999_999,
    madeOf: "- -",
    line: `{"AccessKeyId":"${secrets[0]}"}`,
  };
  await answers?.keep("kim", answer, () => Promise.resolve(true));
  assertEquals(await answers?.names(), ["kim"]);
  const { warnings, cache } = process();
  await cache.seal(true);
  await assertSealed(texts);
  assertEquals(await answers?.names(), []);
  assertEquals((await cache.list()).map(({ isSealed }) => isSealed), [true, true]);
  assertEquals(await process().cache.get(other), credentialsFor(3_600));
  assertEquals(warnings, []);
  // Again is nothing new.
  await process().cache.seal(true);
  assertEquals(await process().cache.get(key), credentialsFor(3_600));
});

offline("what an older program stored in the clear is sealed with the next entry", async () => {
  const { process, texts, files } = machine();
  await process().cache.seal(true);
  await files.replaceText(pathOf(other), formatEntry(entryFor(3_600, { profile: "dev" })));
  await process().cache.put(key, entryFor(3_600));
  await assertSealed(texts);
  assertEquals(await process().cache.get(other), credentialsFor(3_600));
});

offline("to end sealing brings the entries back into the clear, and removes the key", async () => {
  const { process, keeper, files } = machine();
  await process().cache.seal(true);
  await process().cache.put(key, entryFor(3_600));
  const { warnings, cache } = process();
  await cache.seal(false);
  assertEquals(parseRecord(await files.readText(pathOf(key)))?.version, 1);
  assertEquals([keeper.key, await files.readText(sealPath)], [undefined, undefined]);
  const plain = process(false);
  assertEquals(await plain.cache.get(key), credentialsFor(3_600));
  assertEquals([warnings, plain.warnings], [[], []]);
  const asked = keeper.asked.length;
  await process().cache.seal(false);
  assertEquals(keeper.asked.length, asked);
});

offline("to end sealing without the key removes what it sealed, and says so", async () => {
  const { process, keeper, files } = machine();
  await process().cache.seal(true);
  await process().cache.put(key, entryFor(3_600));
  keeper.problem = new Error("the keyring is locked");
  const { warnings, cache } = process();
  await cache.seal(false);
  assertEquals([await cache.list(), await files.readText(sealPath)], [[], undefined]);
  assertEquals(warnings, [
    'cache: the sealed credentials of profile "kim" cannot be opened: the keyring is locked; new ones are fetched, which may take an MFA code',
    "cache: the key of the cache is left in keyctl: the keyring is locked",
  ]);
  await cache.put(key, entryFor(3_600));
  assertEquals(await process(false).cache.get(key), credentialsFor(3_600));
});

offline("what was logged out before it is sealed does not come back", async () => {
  const { process } = machine();
  const { cache } = process();
  await cache.seal(true);
  const mark = await cache.mark();
  await process(false).cache.logOut("all");
  await cache.put(key, entryFor(3_600), mark);
  assertEquals(await process().cache.list(), []);
});

offline("a sealed cache tells STS's clock as one in the clear does", async () => {
  const { clock, env, files, random, keeper, process } = machine();
  await process().cache.seal(true);
  await process().cache.put(key, entryFor(3_600, { skewMs: 5_000 }));
  const told: number[] = [];
  const cache = diskCache({
    ...{ clock, env, files, logger: silentLogger, sealing: { keepers: keeper, random } },
    onSkew: (ms) => void told.push(ms),
  });
  await cache.get(key);
  assertEquals(told, [5_000]);
});
