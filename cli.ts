#!/usr/bin/env -S deno run
/**
 * The command line of stsaval: parse, run, exit.
 *
 * @module
 */

if (import.meta.main) Deno.exit(await run(Deno.args));

/** A cache hit of `process` is printed before the rest of the program is loaded. */
async function run(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === "process") {
    const { processFromCache } = await import("./src/cli/cached_process.ts");
    const status = await processFromCache(rest);
    if (status !== undefined) return status;
  }
  const { main } = await import("./src/cli/main.ts");
  return await main(words);
}
