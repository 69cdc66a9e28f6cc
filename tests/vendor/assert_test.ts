/**
 * What the tests rely on in `@std/assert`: each assertion that is used can fail, and narrows as it says.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertExists,
  assertInstanceOf,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `@std/assert ${name}`, permissions: "none", fn });
}

class CodedError extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

pure("fails with an AssertionError where the claim does not hold", () => {
  const wrong: readonly (() => void)[] = [
    () => assert(0),
    () => assertEquals({ a: [1] }, { a: [2] }),
    () => assertNotEquals({ a: [1] }, { a: [1] }),
    () => assertStrictEquals<unknown>({}, {}),
    () => assertExists(null),
    () => assertInstanceOf(new Error(), CodedError),
    () => assertStringIncludes("abc", "d"),
    () => assertMatch("abc", /d/),
    () => assertThrows(() => {}),
    () => assertThrows(() => fail("x"), CodedError),
    () => assertThrows(() => fail("x"), AssertionError, "y"),
    () => fail(),
  ];
  for (const claim of wrong) assertThrows(claim, AssertionError);
});

pure("assertEquals() tells undefined properties, dates, maps and sets apart", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [{ a: undefined }, {}],
    [new Date(0), new Date(1)],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Set([1]), new Set([2])],
  ];
  for (const [one, other] of pairs) assertNotEquals(one, other);
});

pure("narrows the type of what it has checked", () => {
  const value: unknown = new CodedError(7, "x");
  assertInstanceOf(value, CodedError);
  const code: number = value.code;
  const [first] = [code];
  assertExists(first);
  assertStrictEquals(first.toFixed(), "7");
});

pure("assertThrows() returns the error, with its class", () => {
  const throwing = () => {
    throw new CodedError(7, "hello there");
  };
  assertEquals(assertThrows(throwing, CodedError, "there").code, 7);
});

pure("assertRejects() resolves to the error, with its class", async () => {
  const rejecting = () => Promise.reject(new CodedError(7, "hello there"));
  assertEquals((await assertRejects(rejecting, CodedError, "there")).code, 7);
  await assertRejects(
    () => assertRejects(() => Promise.resolve(), CodedError),
    AssertionError,
  );
});
