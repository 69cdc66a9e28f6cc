/**
 * The coverage report: which files count, and how much of them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { formatLines, hasCode, parseLcov, percentage } from "../../scripts/coverage.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const report = `SF:/p/src/a.ts
FNF:0
DA:1,3
DA:2,0
DA:4,1
LF:3
end_of_record
SF:/p/tests/a_test.ts
DA:1,0
end_of_record
SF:/elsewhere/src/b.ts
DA:1,0
end_of_record
`;

pure("parseLcov() reads the files in src/ and no others", () => {
  assertEquals(parseLcov(report, "/p/"), [
    { file: "src/a.ts", lines: 3, covered: 2, missed: [2], hit: [1, 4] },
  ]);
});

pure("parseLcov() finds nothing in an empty report", () => {
  assertEquals(parseLcov("", "/p/"), []);
});

pure("percentage() counts lines, not files, and never rounds up", () => {
  const small = { file: "a", lines: 1, covered: 0, missed: [1], hit: [] };
  const large = { file: "b", lines: 20_000, covered: 19_999, missed: [7], hit: [] };
  assertEquals(percentage([large]), 99.99);
  assertEquals(percentage([small, { ...large, lines: 3, covered: 3 }]), 75);
  assertEquals(percentage([]), 100);
});

pure("hasCode() tells modules with code from modules of types", () => {
  assertEquals(hasCode("export interface A {}\n/** a const */\nexport type B = 1;\n"), false);
  for (const line of ["export function a() {}", "const b = 1;", "export async function c() {}"]) {
    assertEquals(hasCode(`import "./x.ts";\n${line}\n`), true);
  }
});

pure("formatLines() draws neighbours together", () => {
  assertEquals(formatLines([3, 4, 5, 9, 11, 12]), "3-5 9 11-12");
  assertEquals(formatLines([]), "");
});
