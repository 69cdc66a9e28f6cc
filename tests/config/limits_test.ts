import { assertEquals, assertThrows } from "@std/assert";
import {
  chainedRoleSeconds,
  checkLifetime,
  checkMfaSerial,
  externalIdLimit,
  isWithin,
  mfaSerialLimit,
  regionLimit,
  roleArnLimit,
  roleSeconds,
  roleSessionNameLimit,
  sessionSeconds,
  type TextLimit,
} from "../../src/config/limits.ts";
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

Deno.test({
  name: "each text of AWS is as long as AWS takes it, and made of what it takes",
  permissions: "none",
  fn() {
    const rows: readonly (readonly [TextLimit, string, number, number, string])[] = [
      [roleArnLimit, "é", 20, 2_048, "\n"],
      [roleSessionNameLimit, "=", 2, 64, ":"],
      [externalIdLimit, "/", 2, 1_224, " "],
      [mfaSerialLimit, "/", 9, 256, " "],
    ];
    for (const [{ pattern, wanted }, letter, least, most, other] of rows) {
      const takes = (text: string) => pattern.test(text);
      assertEquals(
        [least - 1, least, most, most + 1].map((length) => takes(letter.repeat(length))),
        [false, true, true, false],
        wanted,
      );
      assertEquals(wanted.includes(`${least} to ${most}`), true, wanted);
      if (letter !== "é") assertEquals(takes(letter.repeat(least) + other), false, wanted);
    }
    assertEquals([roleSeconds, sessionSeconds, chainedRoleSeconds], [
      ...[{ min: 900, max: 43_200 }, { min: 900, max: 129_600 }, 3_600],
    ]);
    const within = [899, 900, 43_200, 43_201].map((value) => isWithin(value, roleSeconds));
    assertEquals(within, [false, true, true, false]);
    const error = assertThrows(() => checkLifetime(899), UsageError);
    assertEquals(error.hint, 'give hours, such as 5, or units, such as "90m"');
    assertEquals(regionLimit.wanted, 'letters, digits and hyphens, such as "eu-west-1"');
  },
});
