/**
 * No argument list as long as what a user gives: a call with 130,000 arguments ends in a `RangeError`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { programFiles } from "./import_graph.ts";

/** Spreads over lists of the program's own, which no input makes longer. */
const bounded: readonly string[] = [
  // Commands, options and columns; bytes of a key or a state; the value of one option.
  "src/cli/help/help.ts: Math.max(...commands",
  "src/cli/help/help.ts: Math.max(...rows",
  "src/cli/hints/foreign_line.ts: .push(...one",
  "src/cli/hints/foreign_line.ts: .push(spelled.name, ...one",
  // Parts of a path, which the kernel bounds.
  "src/deno/links.ts: .unshift(...target",
  "src/output/table.ts: Math.max(...shrinkable",
  "src/source/sso/browser_sign_in.ts: String.fromCharCode(...bytes",
  "src/testing/sso/oidc.ts: String.fromCharCode(...new",
  "src/testing/world/user_keys.ts: String.fromCharCode(...bytes",
];

Deno.test("no call takes a list that a user gives as its arguments", async () => {
  const found: string[] = [];
  for (const file of await programFiles()) {
    const source = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    const calls = source.matchAll(
      /(?:\.(?:push|unshift|splice|concat)|\bMath\.\w+|\bString\.from\w+)\((?:[^(){\n]*, )?\.\.\.\w+/g,
    );
    for (const [call] of calls) found.push(`${file}: ${call}`);
  }
  assertEquals(found.filter((call) => !bounded.includes(call)), []);
});
