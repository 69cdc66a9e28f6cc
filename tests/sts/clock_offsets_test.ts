/**
 * What STS's responses teach about the clock: when it is far off, and what is learned for which URL.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ClockOffsets, formatClockError, isClockWrong } from "../../src/sts/clock_offsets.ts";
import type { Failure } from "../../src/sts/failure.ts";

const minute = 60_000;
const url = "https://sts.eu-west-1.amazonaws.com";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function failure(clockOffset: number | undefined, parts: Partial<Failure> = {}): Failure {
  return { kind: "refused", code: "SignatureDoesNotMatch", text: "", clockOffset, ...parts };
}

function offsets() {
  const warnings: string[] = [];
  return { warnings, clock: new ClockOffsets({ warn: (text) => void warnings.push(text) }) };
}

pure(
  "the newest response tells the clock, to two seconds, and one without a date tells nothing",
  () => {
    const { clock } = offsets();
    assertEquals(clock.newest, undefined);
    clock.observe({});
    assertEquals(clock.newest, undefined);
    const rows = [[1_999, 0], [2_000, 2_000], [-1_999, 0], [-2_000, -2_000], [
      minute,
      minute,
    ]] as const;
    for (const [clockOffset, newest] of rows) {
      const fresh = offsets().clock;
      fresh.observe({ clockOffset });
      assertEquals(fresh.newest, newest, String(clockOffset));
    }
    clock.observe({ clockOffset: minute });
    clock.observe({});
    assertEquals(clock.newest, minute);
  },
);

pure("within the time that the exchange took, what was known is kept", () => {
  const first = offsets().clock;
  first.observe({ clockOffset: 6_000, travelMs: 5_000 });
  assertEquals(first.newest, 6_000, "of a clock that is not known yet, nothing is kept");
  const { clock } = offsets();
  clock.observe({ clockOffset: 10_000, travelMs: 5_000 });
  assertEquals(clock.newest, 10_000);
  clock.observe({ clockOffset: 8_000, travelMs: 5_000 });
  assertEquals(clock.newest, 10_000);
  clock.observe({ clockOffset: 2_000, travelMs: 5_000 });
  assertEquals(clock.newest, 7_000);
  clock.observe({ clockOffset: 9_000, travelMs: 5_000 });
  assertEquals(clock.newest, 9_000);
});

pure(
  "correct() learns from four minutes on, of a refusal that a clock explains, once for a URL",
  () => {
    const { clock, warnings } = offsets();
    assertEquals(clock.get(url), 0);
    assertEquals(clock.correct(url, failure(4 * minute - 1), 0), false);
    assertEquals(clock.correct(url, failure(undefined), 0), false);
    assertEquals(clock.correct(url, failure(4 * minute, { code: "AccessDenied" }), 0), false);
    assertEquals(clock.correct(url, failure(4 * minute, { kind: "failing" }), 0), false);
    assertEquals([clock.get(url), warnings], [0, []]);
    assertEquals(clock.correct(url, failure(4 * minute), 0), true);
    assertEquals([clock.get(url), clock.get("https://other")], [4 * minute, 0]);
    assertEquals(warnings, [
      "correct: This machine's clock is 4m behind STS's, signing with STS's time",
    ]);
    // Another call that was signed before that is worth another attempt, and no second warning.
    assertEquals(clock.correct(url, failure(4 * minute), 0), true);
    assertEquals(clock.correct(url, failure(4 * minute), 4 * minute), false);
    assertEquals(warnings.length, 1);
    assertEquals(clock.correct(url, failure(-4 * minute), 4 * minute), true);
    assertEquals([clock.get(url), warnings.length], [-4 * minute, 2]);
    // Most of the difference was on the way.
    assertEquals(
      clock.correct("https://slow", failure(-5 * minute, { travelMs: 5 * minute }), 0),
      false,
    );
  },
);

pure("a wrong clock is one that is four minutes off, and is told in words", () => {
  assertEquals([undefined, 0, 4 * minute - 1, 4 * minute, -4 * minute].map(isClockWrong), [
    ...[false, false, false, true, true],
  ]);
  assertEquals([61_000, -61_000].map(formatClockError), [
    ...["1m1s behind STS's", "1m1s ahead of STS's"],
  ]);
});
