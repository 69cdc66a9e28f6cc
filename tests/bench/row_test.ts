import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatRow, judge } from "../../bench/row.ts";

const pure = { permissions: "none" } as const;

Deno.test("judge() takes a limit from above and from below, and no number as missed", pure, () => {
  assertEquals(judge({ limit: { atMost: 1.5 } }, { value: 1.5 }), "met");
  assertEquals(judge({ limit: { atMost: 1.5 } }, { value: 1.502 }), "missed");
  assertEquals(judge({ limit: { atLeast: 0.7 } }, { value: 0.7 }), "met");
  assertEquals(judge({ limit: { atLeast: 0.7 } }, { value: 0.69 }), "missed");
  assertEquals(judge({ limit: { atMost: 1 } }, { value: NaN }), "missed");
  assertEquals(judge({ limit: { atLeast: 1 } }, { value: NaN }), "missed");
});

Deno.test("judge() fails nothing that has no limit or was not measured", pure, () => {
  assertEquals(judge({}, { value: 99 }), "for comparison");
  assertEquals(judge({ limit: { atMost: 1 } }, { missing: "there is no Go" }), "not measured");
});

Deno.test("formatRow() shows value, spread, limit and verdict on one line", pure, () => {
  const row = { what: "cached process", limit: { atMost: 1.35 } };
  const line = formatRow(row, { value: 1.2, spread: [1.1, 2] });
  assertEquals(
    line.replaceAll(/ +/g, " "),
    "cached process 1.20 (1.10 to 2.00) at most 1.35 met",
  );
  assertStringIncludes(formatRow({ ...row, unit: "MiB" }, { value: 158 }), "158 MiB");
  assertStringIncludes(
    formatRow(row, { missing: "there is no Go" }),
    "not measured: there is no Go",
  );
});
