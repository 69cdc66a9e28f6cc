/**
 * The modules of Node that a runtime holds, and which of them the program may import: the import map of the bundle closes
 * the others, in both of their spellings.
 *
 * @module
 */

import { builtinModules } from "node:module";

/** What the program imports. They reach nothing outside it. */
export const usedModules: readonly string[] = ["crypto"];

/** Modules that have no name without `node:`, or that only an older runtime has. */
const others = ["sea", "sqlite", "test", "test/reporters", "wasi", "trace_events"];

/** The specifiers to be closed. */
export function closedModules(): readonly string[] {
  const bare = [...builtinModules, ...others].map((name) => name.replace(/^node:/, ""));
  const closed = [...new Set(bare)].filter((name) => !usedModules.includes(name)).sort();
  return closed.flatMap((name) => [name, `node:${name}`]);
}
