/**
 * What is sealed, as text.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { StoreError, UsageError } from "../../src/errors.ts";
import { parseOpener } from "../../src/store/openers/opener_lines.ts";
import { sealedFileName, sealedNameOf } from "../../src/store/sealed_folder.ts";
import { currentKey, formatSealedKeys, parseSealedKeys } from "../../src/store/sealed_keys.ts";

const key = { accessKeyId: "AKIA", secretAccessKey: "s", state: "current" };

Deno.test("parseSealedKeys() keeps what it does not know", () => {
  const text = JSON.stringify({ version: 1, keys: [{ ...key, extra: 1 }], more: true });
  const found = parseSealedKeys(text, "f");
  assertEquals(JSON.parse(formatSealedKeys(found)), JSON.parse(text));
  assertEquals(currentKey(found, "f").accessKeyId, "AKIA");
});

const wrong: readonly (readonly [text: string, fault: string])[] = [
  ["", "torn"],
  ["[]", "torn"],
  ["null", "torn"],
  ['{"version":2}', "format"],
  ["{}", "format"],
  ['{"version":1}', "torn"],
  ['{"version":1,"keys":{}}', "torn"],
  ['{"version":1,"keys":[]}', "torn"],
  [JSON.stringify({ version: 1, keys: [{ ...key, state: "next" }] }), "torn"],
  [JSON.stringify({ version: 1, keys: [{ ...key, state: "old" }] }), "torn"],
  [JSON.stringify({ version: 1, keys: [{ ...key, accessKeyId: 1 }] }), "torn"],
  [JSON.stringify({ version: 1, keys: [{ ...key, secretAccessKey: null }] }), "torn"],
  [JSON.stringify({ version: 1, keys: [{ ...key, created: 1 }] }), "torn"],
  [JSON.stringify({ version: 1, keys: [key, null] }), "torn"],
  [JSON.stringify({ version: 1, keys: [key], removed: { file: "f", marker: "m" } }), "torn"],
  [
    JSON.stringify({ version: 1, keys: [key], removed: { file: "f", marker: "m", lines: [1] } }),
    "torn",
  ],
];

for (const [text, fault] of wrong) {
  Deno.test(`parseSealedKeys() rejects ${text || "nothing"}`, () => {
    const error = assertThrows(() => parseSealedKeys(text, "/f"), StoreError);
    assertEquals(error.fault, fault);
  });
}

Deno.test("the names of sealed files lead back to their profiles", () => {
  for (const profile of ["kim", "", ".hidden", "a/b", "ü %", "a.keys", "-x", "\u{1f511}", "Dev"]) {
    for (const kind of ["keys", "mfa", "cache"] as const) {
      const name = sealedFileName({ kind, profile });
      assertEquals(/^[A-Za-z0-9_.@+=:%-]+$/.test(name), true, name);
      assertEquals(sealedNameOf(name), { kind, profile });
    }
  }
  assertEquals(sealedFileName({ kind: "keys", profile: "a/b" }), "a%2Fb.keys.age");
  for (const other of ["kim.keys.age.lock", "kim.age", "identity.cred", "%E0.keys.age"]) {
    assertEquals(sealedNameOf(other), undefined, other);
  }
  sealedFileName({ kind: "keys", profile: "x".repeat(190) });
  assertThrows(() => sealedFileName({ kind: "keys", profile: "x".repeat(191) }), UsageError);
});

Deno.test("an opener is a name, and a file where it needs one", () => {
  assertEquals(parseOpener("pass"), { name: "pass", argument: "" });
  assertEquals(parseOpener(" identity:~/a:b "), { name: "identity", argument: "~/a:b" });
  for (
    const text of ["", "PASS", "identity", "identity:", "identity: ", "pass:x", "gpg", "__proto__"]
  ) {
    assertThrows(() => parseOpener(text), UsageError);
  }
});
