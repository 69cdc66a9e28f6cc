/**
 * The formats of the cache, written down. A sample is never changed: a format that changes gets a new version and a new
 * sample, and this program and the ones before it are held to what they do with all of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { formatEntry, parseEntry } from "../../src/cache/entry.ts";
import { formatRefusal, parseRefusal } from "../../src/cache/refusal.ts";
import { silentLogger } from "../../src/logger.ts";
import { parseSealedEntry, sealEntry } from "../../src/cache/sealing/entry.ts";
import { parseSeal } from "../../src/cache/sealing/seal.ts";
import { fakeSystem } from "../fake_system.ts";
import { credentialsFor, diskCache, entryFor, keyOf, start } from "../session/fixtures.ts";
import { Desk, role } from "../cli/desk.ts";

const samples = new URL("./fixtures/", import.meta.url);
const sample = (name: string) => Deno.readTextFileSync(new URL(name, samples));
const folder = "/home/kim/.aws/stsaval";
const key = keyOf("a");

const refusal = {
  time: start,
  codeHash: keyOf("c"),
  message: "Cannot get a session token: AccessDenied",
  hint: "wait for the next code",
  operation: "GetSessionToken",
  awsCode: "AccessDenied",
  requestId: "1",
};

/** A cache whose files are these; what it warns of fails the test. */
function cacheOf(files: Readonly<Record<string, string>>) {
  const system = fakeSystem({ files });
  const warn = (message: string) => assert(false, message);
  const cache = diskCache({ ...system, logger: { ...silentLogger, warn, error: warn } });
  return { cache, contents: system.files.contents };
}

Deno.test("an entry of version 1 is as it is written down", () => {
  assertEquals(formatEntry(entryFor(3_600)), sample("entry_v1.json"));
  assertEquals(parseEntry(sample("entry_v1.json")), entryFor(3_600));
});

Deno.test("a sealed entry, of version 3, is as it is written down", async () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
  const uses = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [...uses]);
  const text = await sealEntry(
    `${keyOf("a")}.json`,
    entryFor(3_600),
    { id: "0123456789abcdef", key },
    bytes.slice(0, 12),
  );
  assertEquals(text, sample("entry_v3.json"));
  assertEquals(parseSealedEntry(text)?.sealed.keyId, "0123456789abcdef");
  const seal = { keeper: "keyctl", keyId: "0123456789abcdef", note: "" };
  assertEquals(parseSeal(sample("seal_v1.json")), seal);
});

Deno.test("a refusal of version 1 is as it is written down, and so is one that names no version", () => {
  assertEquals(formatRefusal(refusal), sample("refusal_v1.refused"));
  assertEquals(parseRefusal(sample("refusal_v1.refused")), refusal);
  assertEquals(parseRefusal(sample("refusal_v0.refused")), refusal);
  assertEquals(parseRefusal(sample("refusal_v2.refused")), undefined);
});

Deno.test("an entry of version 1 serves, whoever wrote it", async () => {
  const { cache } = cacheOf({ [`${folder}/${key}.json`]: sample("entry_v1.json") });
  assertEquals(await cache.get(key), credentialsFor(3_600));
});

Deno.test("what a newer version keeps is a miss, and stays as it is", async () => {
  const [entry, refused] = [`${folder}/${key}.json`, `${folder}/${key}.refused`];
  const files = { [entry]: sample("entry_v2.json"), [refused]: sample("refusal_v2.refused") };
  const { cache, contents } = cacheOf(files);
  assertEquals([await cache.get(key), await cache.refusal(key)], [undefined, undefined]);
  await cache.refuse(key, refusal);
  assertEquals(contents.get(refused), sample("refusal_v2.refused"));
  await cache.put(key, entryFor(3_600));
  assertEquals(contents.get(entry), sample("entry_v2.json"));
  assertEquals((await cache.list()).length, 0);
  assertEquals(contents.get(entry), sample("entry_v2.json"));
  assertEquals(await cache.logOut("all"), { removed: 1, left: 0 });
});

Deno.test("what an older version, or nobody, has written is a miss, and is replaced", async () => {
  for (const text of [sample("entry_v0.json"), "", "{", '{"version": "2"}', "[2]"]) {
    const system = fakeSystem({ files: { [`${folder}/${key}.json`]: text } });
    const cache = diskCache({ ...system, logger: silentLogger });
    assertEquals(await cache.get(key), undefined);
    await cache.put(key, entryFor(3_600));
    assertEquals(await cache.get(key), credentialsFor(3_600));
  }
});

Deno.test("a command beside a newer version asks for a code, and leaves its entries to it", async () => {
  const desk = new Desk();
  assertEquals((await desk.run("creds", "--profiles", role, "--mfa-code", desk.code)).status, 0);
  const kept = [...desk.system.files.contents.keys()].filter((path) =>
    /[0-9a-f]{64}\.json$/.test(path)
  );
  assert(kept.length > 0);
  for (const path of kept) desk.system.files.contents.set(path, sample("entry_v2.json"));
  await desk.system.clock.advance(30_000);
  const again = await desk.run("creds", "--profiles", role, "--mfa-code", desk.code);
  assertEquals([again.status, again.err], [0, ""]);
  for (const path of kept) {
    assertEquals(desk.system.files.contents.get(path), sample("entry_v2.json"));
  }
});
