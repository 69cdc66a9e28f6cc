import { assert, assertEquals } from "@std/assert";
import { applyChange } from "../../../scripts/mutants/mutant.ts";
import { mutantsOf, operators } from "../../../scripts/mutants/operators.ts";

/** What an operator makes of a source, each mutant as its whole text. */
function made(operator: string, source: string): readonly string[] {
  return mutantsOf("x.ts", source)
    .filter((mutant) => mutant.operator === operator)
    .map((mutant) => applyChange(source, mutant));
}

const table: readonly (readonly [operator: string, source: string, mutants: readonly string[]])[] =
  [
    ["comparison", "a < b;", ["a <= b;", "a >= b;"]],
    ["comparison", "(a /* < */) >= b;", ["(a /* < */) > b;", "(a /* < */) < b;"]],
    ["comparison", "a === b;", ["a !== b;"]],
    ["arithmetic", "x = a + 1 - b;", ["x = a + 1 + b;", "x = a - 1 - b;"]],
    ["arithmetic", "x += 2; i++; --j;", [
      "x -= 2; i++; --j;",
      "x += 2; i--; --j;",
      "x += 2; i++; ++j;",
    ]],
    ["arithmetic", "at(-1);", ["at((1));"]],
    ["arithmetic", "x = 'a' + b + `c`;", []],
    ["boolean operator", "a && b || !c;", ["a && b && !c;", "a || b || !c;", "a && b || (c);"]],
    ["boolean operator", "a ?? f();", ["(a);"]],
    ["condition", "a ? b : c;", ["true ? b : c;", "false ? b : c;"]],
    ["condition", "if (a) b(); else c();", [
      "if (true) b(); else c();",
      "if (false) b(); else c();",
    ]],
    ["condition", "while (a) b();", ["while (false) b();"]],
    ["guard", "if (a) throw b; c();", ["; c();"]],
    ["guard", "if (a) b(); else c();", []],
    ["constant", "f(1, true, 'a', '');", [
      "f(2, true, 'a', '');",
      "f(1, false, 'a', '');",
      "f(1, true, \"\", '');",
      "f(1, true, 'a', \"mutant\");",
    ]],
    ["constant", "x = { 'key': y, 1: z };", []],
    ["constant", "import a from 'b'; export * from 'c'; export { d } from 'e'; import('f');", []],
    ["constant", "let a: 'b' | 1 = c as 'd';", []],
    ["await", "async () => { await f(); };", ["async () => { (f()); };"]],
    ["await", "async () => { return 1 + await f(); };", ["async () => { return 1 + (f()); };"]],
    // What is returned is awaited all the same, where nothing ends before it.
    ["await", "async () => await f();", []],
    ["await", "async () => { return a ? await f() : await g(); };", []],
    ["await", "async () => { return await a ? b : c; };", [
      "async () => { return (a) ? b : c; };",
    ]],
    ["await", "class A { async m() { try { return await f(); } finally { g(); } } }", [
      "class A { async m() { try { return (f()); } finally { g(); } } }",
    ]],
    ["await", "async function f() { using a = b(); return await g(); }", [
      "async function f() { using a = b(); return (g()); }",
    ]],
    ["await", "for await (const a of b) {}", []],
    ["statement", "a(); b = c;", ["; b = c;", "a(); ;"]],
    ["statement", "class A extends B { constructor() { super(); } }", []],
    ["method", "s.replaceAll(a, b); t?.some(f);", [
      "s.replace(a, b); t?.some(f);",
      "s.replaceAll(a, b); t?.every(f);",
    ]],
    ["method", "s.replaceAll(/a/g, b);", []],
    ["method", "some(f); s[some](f); s.toString();", []],
    ["option", "open(p, { createNew: true });", ["open(p, { create: true });"]],
    ["finally", "try { a(); } finally { b(); }", ["try { a(); } finally {}"]],
    ["finally", "try { a(); } finally {}", []],
  ];

for (const [operator, source, mutants] of table) {
  Deno.test({
    name: `mutantsOf() makes ${mutants.length} of "${source}" by ${operator}`,
    permissions: "none",
    fn: () => assertEquals([...made(operator, source)].sort(), [...mutants].sort()),
  });
}

Deno.test({
  name: "mutantsOf() changes nothing in types, and finds what is wrapped in them",
  permissions: "none",
  fn() {
    const types =
      "interface A { readonly a: 1 | true; } type B = 'b'; declare function f(a: 2): 3;";
    assertEquals(mutantsOf("x.ts", types), []);
    assertEquals(made("constant", "x = (1 as A) satisfies 2;"), ["x = (2 as A) satisfies 2;"]);
  },
});

Deno.test({
  name: "every operator has a row here, and says where its mutants are",
  permissions: "none",
  fn() {
    for (const { name } of operators) assert(table.some(([operator]) => operator === name), name);
    const [mutant] = mutantsOf("x.ts", "f();\n\na < b;").filter(({ operator }) =>
      operator === "comparison"
    );
    assertEquals(mutant?.line, 3);
  },
});

Deno.test("the mutants of a module are other texts that can be parsed", async () => {
  const source = await Deno.readTextFile("src/abortable.ts");
  const mutants = mutantsOf("src/abortable.ts", source);
  assert(mutants.length > 5);
  for (const mutant of mutants) {
    const changed = applyChange(source, mutant);
    assert(changed !== source);
    mutantsOf(mutant.file, changed);
  }
});
