/**
 * The lint rules: what they refuse, where, and what they leave alone.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import plugin from "../../lint/stsaval.ts";

function refused(filename: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, filename, source).map(({ message }) => message);
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const outside: Record<string, string> = {
  "Deno.args": "Deno.args;",
  "Deno": "const { env } = Deno;",
  "Deno in a type": "let file: Deno.FsFile;",
  "fetch": "await fetch(url);",
  "fetch as a value": "const network = { fetch };",
  "globalThis.fetch": "globalThis.fetch(url);",
  "setTimeout": "setTimeout(run, 10);",
  "clearInterval": "clearInterval(timer);",
  "console.log": "console.log(1);",
  "performance.now": "performance.now();",
  "Date.now": "Date.now();",
  "Date['now']": "Date['now']();",
  "Date.now taken apart": "const { now } = Date;",
  "Date()": "Date();",
  "new Date()": "new Date();",
  "Math.random": "const draw = Math.random;",
  "crypto.getRandomValues": "crypto.getRandomValues(bytes);",
  "crypto.randomUUID": "crypto.randomUUID();",
  "AbortSignal.timeout": "AbortSignal.timeout(10);",
  "node:fs": 'import { readFile } from "node:fs/promises";',
  "node:fs, later": 'await import("node:fs");',
};

for (const [what, source] of Object.entries(outside)) {
  pure(`one-adapter refuses ${what}`, () => {
    assertEquals(refused("src/session/core.ts", source).length, 1);
  });
}

const inside = [
  "await network.fetch(request);",
  "const network = { fetch: handler };",
  "interface Network { fetch(request: Request): Promise<Response> }",
  "interface Parts { readonly console?: string }",
  "class Client { fetch() {} }",
  "new Date(0);",
  "Date.UTC(2026, 0);",
  "Math.max(1, 2);",
  "crypto.subtle;",
  "const { subtle } = crypto;",
  "new AbortController();",
  'Symbol.for("Deno.customInspect");',
  'import { parse } from "@std/ini";',
  "// console.log(1)",
];

for (const source of inside) {
  pure(`one-adapter leaves alone: ${source}`, () => {
    assertEquals(refused("src/session/core.ts", source), []);
  });
}

pure("one-adapter says what it refuses", () => {
  assertEquals(refused("mod.ts", "Date.now();"), [
    "Cannot use Date.now here: only the adapters touch the outside",
  ]);
});

pure("one-adapter lets the adapter, tests and scripts touch the outside", () => {
  const free = [
    "src/deno/files.ts",
    "src/node/files.ts",
    "tests/src/core_test.ts",
    "scripts/demo.ts",
  ];
  for (const file of free) {
    assertEquals(refused(file, "Deno.args; console.log(1);"), []);
  }
});

pure("one-adapter guards folders whose names begin like the adapter's", () => {
  for (const file of ["src/deno.ts", "src/denotation/files.ts", "src/cli/deno/files.ts"]) {
    assertEquals(refused(file, "Deno.args;").length, 1);
  }
});

pure("one-adapter allows node:crypto in the emulators alone", () => {
  const source = 'import { createHmac } from "node:crypto";';
  assertEquals(refused("src/testing/signing/totp.ts", source), []);
  assertEquals(refused("src/session/core.ts", source).length, 1);
  assertEquals(refused("src/testing/emulator.ts", 'import { readFile } from "node:fs";').length, 1);
});

pure("one-adapter knows the project's files by their full path too", () => {
  const root = new URL("../..", import.meta.url).pathname;
  assertEquals(refused(`${root}src/plan.ts`, "Date.now();").length, 1);
  assertEquals(refused(`${root}scripts/src/plan.ts`, "Date.now();"), []);
});

pure("one-adapter lets cli.ts read its arguments and exit, no more", () => {
  assertEquals(refused("cli.ts", "Deno.exit(await main(Deno.args));"), []);
  assertEquals(refused("cli.ts", "Deno.cwd();").length, 1);
  assertEquals(refused("src/cli/main.ts", "Deno.exit(1);").length, 1);
});

pure("no-default-export refuses every way to write one", () => {
  const ways = [
    "export default 1;",
    "export default function run() {}",
    "export { run as default };",
    'export { default } from "./run.ts";',
  ];
  for (const source of ways) {
    assertEquals(refused("tests/run.ts", source), ["Cannot use a default export: give it a name"]);
  }
});

pure("no-default-export leaves named exports alone", () => {
  assertEquals(refused("src/run.ts", "export function run() {}\nexport { run as start };"), []);
});

const held: Readonly<Record<string, number>> = {
  "using lock = open();": 1,
  "await using core = open();": 1,
  "for (using each of all) run(each);": 1,
  "const lock = open(); using _lock = lock;": 0,
  "await using _core = core;": 0,
};

pure("using-only-holds leaves alone what is not bundled", () => {
  assertEquals(refused("tests/core_test.ts", "using lock = open(); lock.run();"), []);
});

for (const [source, count] of Object.entries(held)) {
  pure(`using-only-holds finds ${count} in "${source}"`, () => {
    assertEquals(refused("src/session/core.ts", `async function f() { ${source} }`).length, count);
  });
}
