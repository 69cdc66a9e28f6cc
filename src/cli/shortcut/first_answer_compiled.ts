/**
 * What the compiled program tries before the whole of it is loaded: what is in the cache is handed out by the shortest way
 * if the plan is known from before, which costs a miss next to nothing; for `process` by another one if it is not. From
 * source no plan is kept: nothing tells one state of the source from another.
 *
 * @module
 */

import { answerShortly } from "./answer.ts";

/** The exit status of what has been answered; undefined where the whole program has to run. */
export async function firstAnswer(words: readonly string[]): Promise<number | undefined> {
  const known = await answerShortly(words);
  if (typeof known === "number") return known;
  const [name, ...rest] = words;
  if (name !== "process" || known === "cold") return undefined;
  const { processFromCache } = await import("../cached_process.ts");
  return await processFromCache(rest);
}
