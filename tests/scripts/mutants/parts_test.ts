/**
 * The pure parts of the mutants' task: which tests, which sample, what was found before, and the report.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { affectedTests } from "../../../scripts/mutants/affected_tests.ts";
import { equivalentMutants, equivalentOf } from "../../../scripts/mutants/equivalents.ts";
import { parseJournal } from "../../../scripts/mutants/journal.ts";
import { formatDiff, idOf, type Mutant, nameOf } from "../../../scripts/mutants/mutant.ts";
import { mutantsOf } from "../../../scripts/mutants/operators.ts";
import { formatReport, scoreOf } from "../../../scripts/mutants/report.ts";
import { globToRegExp, sample } from "../../../scripts/mutants/sample.ts";
import { importsOf } from "../../../scripts/mutants/syntax.ts";
import { runsLines } from "../../../scripts/mutants/test_coverage.ts";
import { commandWords, testArguments } from "../../../scripts/mutants/test_command.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const source = "one();\nif (a <\n  b) two();\nthree();";
const mutant: Mutant = {
  ...{ file: "src/x.ts", operator: "comparison", line: 2 },
  ...{ start: source.indexOf("<"), end: source.indexOf("<") + 1, text: "<=" },
};

pure("formatDiff() shows the whole lines that a change touches", () => {
  assertEquals(
    formatDiff(source, mutant),
    "--- src/x.ts\n+++ src/x.ts (comparison)\n@@ line 2 @@\n-if (a <\n+if (a <=\n",
  );
  const last = { ...mutant, start: source.length - 8, end: source.length, text: ";" };
  assertEquals(formatDiff(source, last).split("\n").slice(3), ["-three();", "+;", ""]);
});

pure("affectedTests() takes mirrors first, then importers, also through a module of tests/", () => {
  const graph = new Map([
    ["src/a/b.ts", []],
    ["src/a/c.ts", ["src/a/b.ts"]],
    ["tests/a/b_test.ts", ["src/a/b.ts"]],
    ["tests/a/b_more_test.ts", ["src/a/c.ts"]],
    ["tests/a/bc_test.ts", []],
    ["tests/c_test.ts", ["tests/fixtures.ts"]],
    ["tests/fixtures.ts", ["src/a/b.ts"]],
    ["tests/far_test.ts", ["src/a/c.ts"]],
    ["tests/crash/b_crash_test.ts", ["src/a/b.ts"]],
    ["tests/peers/far_test.ts", ["src/a/c.ts"]],
  ]);
  assertEquals(affectedTests("src/a/b.ts", graph), {
    mirrors: ["tests/a/b_more_test.ts", "tests/a/b_test.ts"],
    importers: ["tests/c_test.ts"],
    others: ["tests/crash/b_crash_test.ts"],
  });
});

pure(
  "affectedTests() takes the nearest tests of a file that none imports, and none where there is none",
  () => {
    const graph = new Map([
      ["src/deep.ts", []],
      ["src/middle.ts", ["src/deep.ts"]],
      ["src/top.ts", ["src/middle.ts"]],
      ["src/alone.ts", ["src/alone.ts"]],
      ["tests/middle_test.ts", ["src/middle.ts"]],
      ["tests/top_test.ts", ["src/top.ts"]],
    ]);
    assertEquals(affectedTests("src/deep.ts", graph).importers, ["tests/middle_test.ts"]);
    assertEquals(affectedTests("src/alone.ts", graph), {
      ...{ mirrors: [], importers: [], others: [] },
    });
  },
);

pure("globToRegExp() knows *, **, ? and {a,b}, and takes the rest as it is", () => {
  for (
    const [glob, matching, other] of [
      ["src/*.ts", ["src/a.ts"], ["src/a/b.ts", "src/a.tsx", "xsrc/a.ts"]],
      ["src/**/*.ts", ["src/a.ts", "src/a/b/c.ts"], ["src.ts", "tests/a.ts"]],
      ["src/{a,b/c}.ts", ["src/a.ts", "src/b/c.ts"], ["src/b.ts", "src/a,b/c.ts"]],
      ["src/{sts,cache}/**", ["src/sts/a.ts", "src/cache/b/c.ts"], ["src/stsx/a.ts"]],
      ["src/{sts,a.ts}", ["src/sts/a.ts", "src/sts/b/c.ts", "src/a.ts"], [
        "src/stsx/a.ts",
        "src/sts.ts",
      ]],
      ["src/?.ts", ["src/a.ts"], ["src/ab.ts", "src/.ts"]],
      ["src/a,b+(c).ts", ["src/a,b+(c).ts"], ["src/aab.ts"]],
    ] as const
  ) {
    const pattern = globToRegExp(glob);
    for (const path of matching) assert(pattern.test(path), `${glob} and ${path}`);
    for (const path of other) assert(!pattern.test(path), `${glob} and ${path}`);
  }
});

pure("sample() takes each item at most once, the same for the same seed", () => {
  const items = Array.from({ length: 1_000 }, (_, index) => index);
  const take = (count: number, seed: number) => sample(items, String, { count, seed });
  const taken = take(150, 7);
  assertEquals(new Set(taken).size, 150);
  assertEquals(take(150, 7), taken);
  assert(String(take(150, 8)) !== String(taken));
  assertEquals([...take(5_000, 1)].sort((a, b) => a - b), items);
});

pure("sample() keeps most of its items when others come and go", () => {
  const items = Array.from({ length: 1_000 }, (_, index) => `item ${index}`);
  const before = sample(items, (item) => item, { count: 150, seed: 1 });
  const changed = items.filter((_, index) => index % 50 !== 0).concat("one more", "another");
  const after = new Set(sample(changed, (item) => item, { count: 150, seed: 1 }));
  const gone = before.filter((item) => !after.has(item));
  assert(gone.length <= 10, `${gone.length} of 150 items are gone`);
});

pure("sample() takes items of the same name too", () => {
  assertEquals(sample(["a", "a", "a"], (item) => item, { count: 3, seed: 1 }).length, 3);
  const three = [{ at: 1 }, { at: 2 }, { at: 3 }];
  const first = sample(three, () => "same", { count: 1, seed: 1 });
  const others = Array.from(
    { length: 20 },
    (_, seed) => sample(three, () => "same", { count: 1, seed })[0],
  );
  assertEquals(first.length, 1);
  assert(new Set(others).size > 1, "equal names must not stand in for the same item");
});

pure("the name of a mutant stays when lines are added above it", () => {
  const source = "const a = 1 + 2;\n";
  const mutant = {
    file: "src/a.ts",
    operator: "arithmetic",
    line: 1,
    start: 12,
    end: 13,
    text: "-",
  };
  const moved = { ...mutant, line: 2, start: 15, end: 16 };
  assertEquals(nameOf(`//\n${source}`, moved), nameOf(source, mutant));
  assert(nameOf(source, { ...mutant, text: "*" }) !== nameOf(source, mutant));
});

pure("parseJournal() leaves out a line that was cut off", () => {
  const text = '["a","killed"]\n["b","survived"]\n["c","ki';
  assertEquals([...parseJournal(text)], [["a", "killed"], ["b", "survived"]]);
  assertEquals(parseJournal("").size, 0);
});

pure("the report shows survivors as diffs, counts a hang as noticed, and never rounds up", () => {
  const row = { file: "src/x.ts", before: "", after: "", reason: "b is no number" };
  const findings = (["killed", "hung", "survived", "untested", row] as const).map((outcome) => ({
    ...{ mutant, source, outcome },
  }));
  assertEquals(scoreOf(findings), { noticed: 2, all: 4 });
  const report = formatReport(findings);
  assertEquals(report.match(/^--- /gm)?.length, 3);
  assert(report.includes("no test looks at it") && report.includes("b is no number"));
  assert(report.endsWith(
    "Noticed: 2 of 4 mutants, 50 %; 1 of them by a hang; 1 more cannot be told apart\n",
  ));
  const [killed, , survived] = findings;
  assert(killed !== undefined && survived !== undefined);
  const many = [...Array.from({ length: 1_999 }, () => killed), survived];
  assert(formatReport(many).includes("1999 of 2000 mutants, 99.9 %"));
  assertEquals(formatReport([]), "Noticed: 0 of 0 mutants, 100 %\n");
});

pure("equivalentOf() finds the row of a mutant by its lines", () => {
  const row = { file: "src/x.ts", before: "if (a <", after: "if (a <=", reason: "" };
  assertEquals(equivalentOf(source, mutant, [row]), row);
  for (const other of [{ file: "src/y.ts" }, { before: "if (b <" }, { after: "if (a >" }]) {
    assertEquals(equivalentOf(source, mutant, [{ ...row, ...other }]), undefined);
  }
});

Deno.test("every row of the table of equivalent mutants is a mutant, and has a reason", async () => {
  for (const row of equivalentMutants) {
    const source = await Deno.readTextFile(row.file);
    const mutants = mutantsOf(row.file, source);
    assert(mutants.some((mutant) => equivalentOf(source, mutant, [row])), row.before);
    assert(row.reason.length > 20, row.before);
  }
});

pure("importsOf() reads every kind of import with a fixed text", () => {
  assertEquals(
    importsOf(`
      import a from "a"; import type { B } from "b"; import "c";
      export { d } from "d"; export * from "e"; export const f = 1;
      const g = await import("g"); await import(h);
    `),
    ["a", "b", "c", "d", "e", "g"],
  );
});

pure("testArguments() runs the task's own command on some files", () => {
  const command = "deno test --doc --allow-env='AWS_*' --allow-read=. \"--x y\"";
  assertEquals(commandWords(command), [
    ...["deno", "test", "--doc", "--allow-env=AWS_*", "--allow-read=.", "--x y"],
  ]);
  assertEquals(testArguments("deno test --doc", ["a_test.ts"]), [
    ...["test", "--doc", "--quiet", "--no-check", "--fail-fast", "a_test.ts"],
  ]);
  assertEquals(
    testArguments("deno test tests/crash", ["tests/crash/a_test.ts"]).slice(-2),
    ["--fail-fast", "tests/crash/a_test.ts"],
  );
});

pure("idOf() tells mutants of one place apart", () => {
  assert(idOf(mutant) !== idOf({ ...mutant, text: ">=" }));
  assert(idOf(mutant) !== idOf({ ...mutant, end: mutant.end + 1 }));
  assertThrows(() => mutantsOf("x.ts", "not ("), SyntaxError);
});

pure("runsLines() is false only where a test runs none of the changed lines", () => {
  const report = { file: "src/x.ts", lines: 4, covered: 0, missed: [], hit: [] };
  const ran = (missed: readonly number[], hit: readonly number[], changed = mutant) =>
    runsLines({ ms: 1, files: [{ ...report, missed, hit }] }, changed, source);
  assertEquals(ran([2, 3], [1, 4]), false);
  assertEquals(ran([], [2]), true);
  assertEquals(ran([1, 3, 4], []), true, "a line that the report does not name: in doubt, it runs");
  const statement = { ...mutant, start: source.indexOf("if"), end: source.indexOf(" three") };
  assertEquals(ran([2], [3], statement), true, "the second of its lines is run");
  assertEquals(runsLines({ ms: 1, files: [] }, mutant, source), false, "a file that is not loaded");
  const worker = { ...mutant, file: "src/deno/streams/special_file.ts" };
  assertEquals(runsLines({ ms: 1, files: [] }, worker, source), true, "no coverage in a Worker");
  const missed = { ...report, file: worker.file, missed: [1, 2, 3, 4] };
  assertEquals(runsLines({ ms: 1, files: [missed] }, worker, source), true, "nor beside the rest");
});
