/**
 * The types of `@std/assert`; the npm build comes without any.
 *
 * @module
 */

/** A class, abstract or not, whatever its constructor takes. */
type ClassOf<Instance> = abstract new (...args: never[]) => Instance;

/** What every failed assertion throws. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/** Fails unless the value is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;
/** Fails unless the value is falsy. */
export function assertFalse(expr: unknown, msg?: string): asserts expr is false;
/** Fails unless the two are equal, deeply. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails if the two are equal, deeply. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless the two are the same, by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;
/** Fails if the two are the same, by `Object.is`. */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails on null and undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
/** Fails unless the value is an instance of the class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: ClassOf<T>,
  msg?: string,
): asserts actual is T;
/** Fails unless the text contains the other. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
/** Fails unless the pattern is found in the text. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
/** Fails if the pattern is found in the text. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
/** Fails unless `actual` contains every expected element. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void;
/** Fails unless `actual` has the expected properties, deeply; it may have more. */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- as in the real package, so that interfaces are taken too
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void;
/** Fails unless the numbers are within the tolerance of each other. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void;
/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;

/** Fails unless the function throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless the function throws an error of that class with that text; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): E;

/** Fails unless the promise rejects; resolves to what it rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Fails unless the promise rejects with an error of that class with that text; resolves to it. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;

/** Tells whether the two are equal, deeply. */
export function equal(a: unknown, b: unknown): boolean;
/** Fails always. */
export function fail(msg?: string): never;
/** Fails always: this place must not be reached. */
export function unreachable(msg?: string): never;
