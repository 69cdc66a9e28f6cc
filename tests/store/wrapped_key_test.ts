import { assertEquals, assertNotEquals } from "@std/assert";
import { unwrapKey, wrapKey } from "../../src/store/wrapped_key.ts";

const identity = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWKX6T0";
const nonce = Uint8Array.from({ length: 12 }, (_, index) => index);

Deno.test("a wrapped key is opened by the identity that wrapped it, and by no other", async () => {
  const wrapped = await wrapKey("the key", identity, nonce);
  assertEquals(await unwrapKey(wrapped, `${identity}\n`), "the key");
  assertEquals(await unwrapKey(wrapped, identity.replace("QQQ", "QQR")), undefined);
  assertEquals(wrapped.includes(btoa("the key").slice(0, 8)), false);
  const other = await wrapKey("the key", identity, nonce.map((byte) => byte + 1));
  assertNotEquals(other, wrapped);
});

Deno.test("what is no wrapped key gives none", async () => {
  const wrapped = await wrapKey("the key", identity, nonce);
  const changed = wrapped.slice(0, -6) + (wrapped.at(-6) === "A" ? "B" : "A") + wrapped.slice(-5);
  for (const text of ["", "AAAA", "*", wrapped.slice(0, 20), changed]) {
    assertEquals(await unwrapKey(text, identity), undefined);
  }
});
