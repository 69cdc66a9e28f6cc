/**
 * A result is taken once two attempts have had it.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { mostAttempts, sameTwice } from "../../../../scripts/compile/code_cache/same_twice.ts";

const equal = (one: string, other: string) => one === other;

/** Attempts with these results; an error is one that fails. */
function attempts(results: readonly (string | undefined | Error)[]) {
  const left = results.values();
  return () => {
    const { done, value } = left.next();
    if (done) return Promise.resolve("more");
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
}

const rows: readonly (readonly [string, readonly (string | undefined | Error)[]])[] = [
  ["a", ["a", "a", "b", "b"]],
  ["a", ["b", "a", "a"]],
  ["a", ["a", "b", "c", "a", "b"]],
  ["a", [new Error("busy"), "a", new Error("busy"), "a"]],
  ["a", [undefined, undefined, "a", undefined, "a"]],
  ["more", ["a", "b", "c"]],
];

for (const [wanted, results] of rows) {
  Deno.test(`sameTwice() takes "${wanted}" of ${results.map(String).join(", ")}`, async () => {
    assertEquals(await sameTwice(attempts(results), equal), wanted);
  });
}

Deno.test("sameTwice() gives up where each attempt has another result, or fails", async () => {
  const numbers = Array.from({ length: mostAttempts }, (_, index) => `${index}`);
  await assertRejects(
    () => sameTwice(attempts([...numbers, "0"]), equal),
    Error,
    `no two of ${mostAttempts} trainings had the same result`,
  );
  const failing = [
    "a",
    new Error("busy"),
    new Error("busy"),
    "b",
    new Error("a start failed"),
    "a",
  ];
  await assertRejects(() => sameTwice(attempts(failing), equal), Error, "a start failed");
});
