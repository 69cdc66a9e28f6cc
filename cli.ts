#!/usr/bin/env -S deno run
/**
 * The command line of stsaval: parse, run, exit.
 *
 * @module
 */

import { firstAnswer } from "./src/cli/shortcut/first_answer.ts";

if (import.meta.main) Deno.exit(await run(Deno.args));

/** What is in the cache is handed out before the rest of the program is loaded. */
async function run(words: readonly string[]): Promise<number> {
  const status = await firstAnswer(words);
  if (status !== undefined) return status;
  const { main } = await import("./src/cli/main.ts");
  return await main(words);
}
