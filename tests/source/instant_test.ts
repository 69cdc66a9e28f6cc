import { assertEquals } from "@std/assert";
import { parseInstant, parseMoment, parseSeconds } from "../../src/source/instant.ts";

const noon = Date.UTC(2026, 10, 27, 12);

Deno.test({
  name: "parseInstant() takes what programs write, and nothing that each reads in its own way",
  permissions: "none",
  fn() {
    const taken = [
      ...["2026-11-27T12:00:00Z", "2026-11-27T12:00:00.000Z", "2026-11-27T12:00:00UTC"],
      ...["2026-11-27T14:00:00+02:00", "2026-11-27T14:00:00+0200", "2026-11-27 12:00:00Z"],
      ...["2026-11-27T12:00Z", "2026-11-27t12:00:00,000z", " 2026-11-27T12:00:00Z\r\n"],
    ];
    for (const text of taken) assertEquals(parseInstant(text), noon, text);
    const refused = [
      ...["2026-11-27T12:00:00", "2026-11-27", "2026-11-27 12:00:00", "Nov 27 2026 12:00 GMT"],
      ...["12:00Z", "1", "2026", "1764244800", "2026-13-27T12:00:00Z", "2026-11-27T25:00:00Z", ""],
      ...["+275761-01-01T00:00:00Z", "Fri, 27 Nov 2026 12:00:00 GMT", "2026-11-27T12:00:00Z x"],
    ];
    for (const text of refused) assertEquals(parseInstant(text), undefined, text);
  },
});

Deno.test({
  name: "parseSeconds() and parseMoment() give what a Date can hold",
  permissions: "none",
  fn() {
    assertEquals([0.5, 900, 1e300, Infinity].map(parseSeconds), [0.5, 900, 31_622_400, 31_622_400]);
    for (const value of [0, -1, NaN, -Infinity, "900", null, undefined]) {
      assertEquals(parseSeconds(value), undefined, String(value));
    }
    assertEquals([parseMoment(0), parseMoment(noon), parseMoment(2, 1_000)], [0, noon, 2_000]);
    for (const value of [1e300, 8.7e15, -1, NaN, Infinity, "1", null]) {
      assertEquals(parseMoment(value), undefined, String(value));
    }
  },
});
