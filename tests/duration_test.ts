/**
 * Durations: reading, writing, and that the two fit together.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { formatDuration, formatLongDuration, parseDuration } from "../src/duration.ts";
import { UsageError } from "../src/errors.ts";
import { seededRandom } from "./fake_system.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("parseDuration() counts a bare number in hours, as a number or as text", () => {
  assertEquals(parseDuration(5), 18_000);
  assertEquals(parseDuration("5"), 18_000);
  assertEquals(parseDuration(1.5), 5_400);
  assertEquals(parseDuration(" 1.5 "), 5_400);
});

pure("parseDuration() adds up units, in either case", () => {
  assertEquals(parseDuration("90m"), 5_400);
  assertEquals(parseDuration("1h30m"), 5_400);
  assertEquals(parseDuration("5400s"), 5_400);
  assertEquals(parseDuration("2D"), 172_800);
  assertEquals(parseDuration("1d1h1m1s"), 90_061);
});

pure("parseDuration() rounds to whole seconds, and leaves infinity as it is", () => {
  assertEquals(parseDuration(0.1001), 360);
  assertEquals(parseDuration(Infinity), Infinity);
});

pure("parseDuration() refuses what is no duration, and says what it found and wanted", () => {
  for (
    const wrong of ["", "soon", "-1", "1.5h", "5 m", "1h m", "h", "1e3", "0", "0s", 0, -1, NaN]
  ) {
    const error = assertThrows(() => parseDuration(wrong), UsageError);
    assert(error.message.startsWith(`Cannot read "${wrong}" as a duration: wanted`));
    assertEquals(error.code, "USAGE");
  }
});

pure("parseDuration() refuses what is neither a number nor text", () => {
  for (
    const [value, found] of [
      [null, "null"],
      [undefined, "a value of type undefined"],
      [{}, "a value of type object"],
      [Symbol("x"), "a value of type symbol"],
      [true, "a value of type boolean"],
    ]
  ) {
    const error = assertThrows(() => Reflect.apply(parseDuration, undefined, [value]), UsageError);
    assert(error.message.startsWith(`Cannot read ${String(found)} as a duration: wanted hours`));
  }
});

pure("formatDuration() shows as many units as wanted", () => {
  assertEquals(formatDuration(129_601, Infinity), "1d12h1s");
  assertEquals(formatDuration(90_061, 3), "1d1h1m");
  assertEquals(formatDuration(0, Infinity), "0s");
});

pure("formatDuration() shows the two largest units that are not zero", () => {
  const shown: Record<string, number> = {
    "0s": 0,
    "42s": 42.9,
    "15m": 900,
    "4h59m": 17_999,
    "1h": 3_600,
    "1h5s": 3_605,
    "1d12h": 129_600,
    "2d3s": 172_803,
    "forever": Infinity,
  };
  for (const [text, seconds] of Object.entries(shown)) assertEquals(formatDuration(seconds), text);
  assertEquals(formatDuration(-5), "0s");
});

pure("parseDuration() reads what formatDuration() writes, to the smaller unit shown", () => {
  const random = seededRandom(7);
  for (let round = 0; round < 500; round++) {
    const seconds = 1 + Math.floor(random.number() ** 4 * 1_000_000);
    const text = formatDuration(seconds);
    const read = parseDuration(text);
    assert(read <= seconds && seconds - read < 86_400, `${seconds} → ${text} → ${read}`);
    assertEquals(formatDuration(read), text);
  }
});

pure("formatLongDuration() spells hours and minutes, and seconds below a minute", () => {
  const shown: Record<string, number> = {
    "0 seconds": -3,
    "1 second": 1.9,
    "59 seconds": 59,
    "1 minute": 60,
    "1 hour": 3_600,
    "4 hours, 59 minutes": 17_999,
    "36 hours": 129_600,
    "1 hour, 1 minute": 3_660,
  };
  for (const [text, seconds] of Object.entries(shown)) {
    assertEquals(formatLongDuration(seconds), text);
  }
});

Deno.test({
  name: "parseDuration() takes nothing finite for infinite, and shows no endless text",
  permissions: "none",
  fn() {
    const digits = "9".repeat(400);
    for (
      const value of [
        digits,
        `${digits}h`,
        `1h${digits}s`,
        `${digits}.5`,
        "9".repeat(20),
        1e308,
        1e300,
      ]
    ) {
      const error = assertThrows(() => parseDuration(value), UsageError, "it is too long");
      assert(error.message.length < 120, error.message);
    }
    assertThrows(() => parseDuration("x".repeat(10_000)), UsageError, "wanted hours");
    assertEquals(parseDuration(Infinity), Infinity);
    assertEquals(parseDuration("1000d"), 86_400_000);
  },
});
