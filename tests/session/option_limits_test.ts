import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { StsCore } from "../../src/session/core.ts";
import type { StsCoreOptions } from "../../src/session/core_options.ts";
import { checkCoreOptions } from "../../src/session/option_limits.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** Options as a caller without a type checker gives them. */
function untyped(name: string, value: unknown): StsCoreOptions {
  return { [name]: value };
}

const longest = 2_147_483_647;

pure("checkCoreOptions() takes what is not set, and the least and the most", () => {
  checkCoreOptions({});
  checkCoreOptions({ timeoutMs: undefined, maxAttempts: undefined });
  checkCoreOptions({ timeoutMs: 1, lockTimeoutMs: 0, maxAttempts: 1, concurrency: 1 });
  checkCoreOptions({ timeoutMs: longest, lockTimeoutMs: longest, concurrency: 10_000 });
});

pure("checkCoreOptions() refuses all that a timer cannot wait", () => {
  for (const value of [0, 0.5, -1, NaN, Infinity, 1e12, longest + 1, null, "5", {}, true]) {
    assertThrows(() => checkCoreOptions(untyped("timeoutMs", value)), UsageError, "for timeoutMs:");
  }
  for (const value of [-1, NaN, Infinity, longest + 1, "x"]) {
    const options = untyped("lockTimeoutMs", value);
    assertThrows(() => checkCoreOptions(options), UsageError, "for lockTimeoutMs:");
  }
});

pure("checkCoreOptions() refuses all that cannot be counted to", () => {
  for (const name of ["concurrency", "maxAttempts"]) {
    for (const value of [0, -1, 1.5, NaN, Infinity, "x", null]) {
      assertThrows(() => checkCoreOptions(untyped(name, value)), UsageError, `for ${name}:`);
    }
  }
});

pure("checkCoreOptions() names what was found, what was wanted, and the flag", () => {
  const error = assertThrows(() => checkCoreOptions({ timeoutMs: 9_999_999_000 }), UsageError);
  assertEquals(
    error.message,
    "Cannot use 9999999000 for timeoutMs: wanted milliseconds from 1 to 2147483647",
  );
  assertEquals(error.hint, "on the command line, --timeout takes at most 2147483 seconds");
  for (
    const [value, found] of [["x", '"x"'], [NaN, "NaN"], [null, "null"], [{}, "type object"]]
  ) {
    const wrong = assertThrows(() => checkCoreOptions(untyped("concurrency", value)), UsageError);
    assertStringIncludes(wrong.message, `${found} for concurrency: wanted a whole number from 1`);
  }
});

pure("a StsCore is not made of options that it cannot keep to", () => {
  assertThrows(() => new StsCore({ concurrency: 0 }), UsageError, "0 for concurrency");
  assertThrows(() => new StsCore({ timeoutMs: 1e12 }), UsageError, "for timeoutMs");
});
