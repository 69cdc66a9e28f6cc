/**
 * What is read as a sealed entry, and as the key of a cache.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  keyBytes,
  openEntry,
  parseSealedEntry,
  readKey,
  sealEntry,
} from "../../../src/cache/sealing/entry.ts";
import { entryFor, keyOf, start } from "../../session/fixtures.ts";

const name = `${keyOf("a")}.json`;

async function sealed() {
  const key = await readKey(btoa("k".repeat(keyBytes)));
  assert(key !== undefined);
  const text = await sealEntry(name, entryFor(3_600), key, new Uint8Array(12).fill(7));
  return { key, text, fields: JSON.parse(text) };
}

Deno.test("the key of a cache is read from base64 of its length, and never comes out again", async () => {
  const { key } = await sealed();
  assertEquals([key.key.extractable, key.key.usages.toSorted()], [false, ["decrypt", "encrypt"]]);
  await assertRejects(() => crypto.subtle.exportKey("raw", key.key));
  assertEquals(key.id.length, 16);
  assertEquals((await readKey(` ${btoa("k".repeat(keyBytes))}\n`))?.id, key.id);
  for (const text of ["", "%", btoa("k".repeat(31)), btoa("k".repeat(33)), btoa("k".repeat(16))]) {
    assertEquals(await readKey(text), undefined, text);
  }
});

Deno.test("a sealed entry is read without its key, but for what it seals", async () => {
  const { key, text } = await sealed();
  const entry = parseSealedEntry(text);
  assert(entry !== undefined);
  const { credentials, ...rest } = entryFor(3_600);
  const { sealed: found, ...own } = entry;
  assertEquals(own, {
    ...rest,
    credentials: { StartTime: new Date(start), Expiration: credentials.Expiration },
  });
  assertEquals([found.keyId, atob(found.nonce).length], [key.id, 12]);
  assertEquals(await openEntry(name, entry, key), entryFor(3_600));
  assertEquals(await openEntry(`${keyOf("b")}.json`, entry, key), undefined);
});

Deno.test("what misses a part, or has one of another kind, is no sealed entry", async () => {
  const { fields } = await sealed();
  const parse = (parts: object) => parseSealedEntry(JSON.stringify({ ...fields, ...parts }));
  assert(parse({}) !== undefined);
  const parts = [
    ...["version", "profile", "operation", "durationSeconds", "skewMs", "issued", "expires"],
    "sealed",
  ];
  for (const part of parts) {
    for (
      const value of [
        undefined,
        null,
        [],
        "x".repeat(part === "profile" || part === "operation" ? 0 : 1),
      ]
    ) {
      if (value === "") continue;
      assertEquals(parse({ [part]: value }), undefined, `${part}: ${value}`);
    }
  }
  for (const part of ["keyId", "nonce", "data"]) {
    for (const value of [undefined, null, 1]) {
      const own = { ...fields.sealed, [part]: value };
      assertEquals(parse({ sealed: own }), undefined, `${part}: ${value}`);
    }
  }
  for (const part of ["roleArn", "mfaSerial", "region"] as const) {
    assertEquals(parse({ [part]: "text" })?.[part], "text");
    assertEquals(parse({ [part]: 1 })?.[part], undefined);
  }
});

Deno.test("a nonce of another length seals nothing", async () => {
  const { key } = await sealed();
  for (const length of [0, 11, 13]) {
    await assertRejects(
      () => sealEntry(name, entryFor(3_600), key, new Uint8Array(length)),
      RangeError,
      "A nonce has 12 bytes",
    );
  }
});

Deno.test("a sealed entry is indented JSON, bound to its file and to all that is read of it", async () => {
  const { key, text, fields } = await sealed();
  assertEquals(text, `${JSON.stringify(fields, null, 2)}\n`);
  const { profile, operation, mfaSerial, region, durationSeconds, skewMs, issued, expires } =
    fields;
  const bound = [
    ...["stsaval cache entry", 3, name, profile, operation, null, mfaSerial, region],
    ...[durationSeconds, skewMs, issued, expires],
  ];
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const opened = await crypto.subtle.decrypt(
    {
      name: "AES-GCM",
      iv: bytes(fields.sealed.nonce),
      additionalData: new TextEncoder().encode(JSON.stringify(bound)),
    },
    key.key,
    bytes(fields.sealed.data),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = entryFor(3_600).credentials;
  assertEquals(JSON.parse(new TextDecoder().decode(opened)), [
    ...[AccessKeyId, SecretAccessKey, SessionToken],
  ]);
});
