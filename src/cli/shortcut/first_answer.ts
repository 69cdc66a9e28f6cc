/**
 * What is tried before the whole program is loaded: from source, the hits of `stsaval process`. What is loaded for them is
 * needed by any command. In the compiled program `first_answer_compiled.ts` takes the place of this module.
 *
 * @module
 */

import { processFromCache } from "../cached_process.ts";

/** The exit status of what has been answered; undefined where the whole program has to run. */
export async function firstAnswer(words: readonly string[]): Promise<number | undefined> {
  const [name, ...rest] = words;
  return name === "process" ? await processFromCache(rest) : undefined;
}
