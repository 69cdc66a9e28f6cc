/**
 * Runs tests under Node or Bun, and closes as `deno test` does: `ok | 12 passed | 0 failed (1s)`.
 *
 * @module
 */

import process from "node:process";
import { declared, type ShimmedTest } from "./shim.ts";
import { denoOnly } from "./deno_only.ts";

/** No test takes as long; one that waits for ever would end the program without a word. */
const mostSeconds = 60;

/** The rows of the table that count here. */
const leftOut = denoOnly.filter(({ under }) =>
  under === undefined || process.versions[under] !== undefined
);

async function main(files: readonly string[]): Promise<number> {
  const skipped = new Set<object>();
  const failed: string[] = [];
  const start = performance.now();
  // The clients are loaded before the tests, which then need not wait for them.
  await import("@aws-sdk/client-sts");
  let passed = 0;
  let ignored = 0;
  for (const file of files) {
    const rows = leftOut.filter((row) => row.file === file.replace(/\.js$/, ".ts"));
    const whole = rows.find(({ test }) => test === undefined);
    if (whole !== undefined) {
      skipped.add(whole);
      continue;
    }
    declared.length = 0;
    // By a name that the compiler does not read, since it would look for all files that may be meant.
    const path = `../../${file}`;
    await import(path);
    for (const test of [...declared]) {
      const row = rows.find(({ test: name }) => name === test.name);
      if (row !== undefined) skipped.add(row);
      if (row !== undefined || test.ignore) ignored++;
      else if (await passes(file, test, failed)) passed++;
    }
  }
  const stale = leftOut.filter((row) => !skipped.has(row));
  failed.push(...stale.map(({ file, test = "all" }) => `${file}: there is no test "${test}"`));
  for (const line of failed) console.log(`FAILED ${line}`);
  const seconds = Math.round((performance.now() - start) / 1_000);
  const word = failed.length === 0 && passed > 0 ? "ok" : "FAILED";
  console.log(
    `${word} | ${passed} passed | ${failed.length} failed | ${ignored} ignored (${seconds}s)`,
  );
  return word === "ok" ? 0 : 1;
}

async function passes(file: string, { name, fn }: ShimmedTest, failed: string[]): Promise<boolean> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it does not end")), mostSeconds * 1_000);
  try {
    await Promise.race([fn(), promise]);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.stack ?? error.message : String(error);
    failed.push(`${file}: ${name}\n${why}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

process.exit(await main(process.argv.slice(2)));
