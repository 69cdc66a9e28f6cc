import { assertEquals } from "@std/assert";
import { parseSeal } from "../../../src/cache/sealing/seal.ts";

const state = { keeper: "keyctl", keyId: "0123456789abcdef", note: "" };
const whole = { version: 1, ...state };

Deno.test("parseSeal() reads a seal of this version, whatever else is in it", () => {
  assertEquals(parseSeal(JSON.stringify(whole)), state);
  assertEquals(parseSeal(JSON.stringify({ ...whole, more: true })), state);
});

Deno.test("parseSeal() takes nothing for a seal that has another version, or a part that is no text", () => {
  const others: readonly unknown[] = [
    ...[{ ...whole, version: 2 }, { ...whole, version: "1" }, state],
    ...[{ ...whole, keeper: 1 }, { ...whole, keyId: null }, { ...whole, note: undefined }],
    ...[{ ...whole, note: 1 }, [], null, "text", 1],
  ];
  for (const other of others) {
    assertEquals(parseSeal(JSON.stringify(other)), undefined, JSON.stringify(other));
  }
  assertEquals([parseSeal(undefined), parseSeal(""), parseSeal("{")], [
    ...[undefined, undefined, undefined],
  ]);
});
