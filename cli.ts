#!/usr/bin/env -S deno run
/**
 * The command line of stsaval: parse, run, exit.
 *
 * @module
 */

import { build } from "./src/build.ts";
import { isShortCommand, sendsCode } from "./src/cli/shortcut/candidate.ts";

if (import.meta.main) Deno.exit(await run(Deno.args));

/**
 * What is in the cache is handed out before the rest of the program is loaded: by the shortest way if the plan is known
 * from before, which costs a miss next to nothing; for `process` by another one if it is not. From source no plan is
 * kept: nothing tells one state of the source from another.
 */
async function run(words: readonly string[]): Promise<number> {
  const known = build === undefined ? undefined : await answerOf(words);
  if (typeof known === "number") return known;
  const [name, ...rest] = words;
  if (name === "process" && known !== "cold") {
    const { processFromCache } = await import("./src/cli/cached_process.ts");
    const status = await processFromCache(rest);
    if (status !== undefined) return status;
  }
  const { main } = await import("./src/cli/main.ts");
  return await main(words);
}

async function answerOf(words: readonly string[]): Promise<number | "cold" | undefined> {
  const [name = "", ...rest] = words;
  if (!isShortCommand(name)) return undefined;
  if (sendsCode(rest)) return "cold";
  const { answerShortly } = await import("./src/cli/shortcut/answer.ts");
  return await answerShortly(words);
}
