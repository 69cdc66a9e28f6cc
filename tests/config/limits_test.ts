import { assertEquals, assertThrows } from "@std/assert";
import { checkLifetime, checkMfaSerial } from "../../src/config/limits.ts";
import { quoteValue } from "../../src/config/file/quote.ts";
import { UsageError } from "../../src/errors.ts";

Deno.test({
  name: "checkLifetime() takes 15 minutes to 36 hours",
  permissions: "none",
  fn() {
    for (const seconds of [900, 3600, 129_600]) assertEquals(checkLifetime(seconds), seconds);
    for (const seconds of [0, 899, 129_601, Infinity, NaN]) {
      assertThrows(() => checkLifetime(seconds), UsageError);
    }
    assertThrows(
      () => checkLifetime(600),
      UsageError,
      "Cannot use a lifetime of 10m: wanted 15 minutes to 36 hours",
    );
    for (const [seconds, shown] of [[129_604, "1d12h4s"], [129_601, "1d12h1s"]] as const) {
      assertThrows(() => checkLifetime(seconds), UsageError, `a lifetime of ${shown}: wanted`);
    }
  },
});

Deno.test({
  name: "checkMfaSerial() takes ARNs and numbers of hardware devices",
  permissions: "none",
  fn() {
    for (const serial of ["GAHT12345678", "arn:aws:iam::123456789012:mfa/kim"]) {
      assertEquals(checkMfaSerial(serial), serial);
    }
    assertThrows(() => checkMfaSerial("123456"), UsageError);
  },
});

Deno.test({
  name: "quoteValue() shows the first line, at most 80 characters, nothing that moves a cursor",
  permissions: "none",
  fn() {
    assertEquals(quoteValue("a"), '"a"');
    assertEquals(quoteValue(""), '""');
    assertEquals(quoteValue("a\nsecret"), '"a…"');
    assertEquals(quoteValue("x".repeat(81)), `"${"x".repeat(80)}…"`);
    assertEquals(quoteValue("a\u001b[2Jb\u009b"), '"a\ufffd[2Jb\ufffd"');
  },
});
