/**
 * A program that puts entries into a session cache, one after the other, until it is killed: `cache_loop.ts FOLDER
 * FIRST`. It says the number of each entry before it puts it.
 *
 * @module
 */

import { Credentials } from "../../src/credentials.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { silentLogger } from "../../src/logger.ts";
import { diskCache } from "../session/fixtures.ts";
import type { CacheEntry } from "../../src/cache/entry.ts";

/** The key of all entries. */
export const key = "c".repeat(64);

/** An entry of that number; large, so that writing it takes a while. */
export function entryOf(number: number): CacheEntry {
  const now = denoSystem.clock.now();
  return {
    profile: "kim",
    operation: "GetSessionToken",
    durationSeconds: number,
    skewMs: 0,
    credentials: new Credentials({
      AccessKeyId: `ASIA${number}`,
      SecretAccessKey: `secret of ${number}`,
      SessionToken: `${number} `.repeat(40_000),
      StartTime: new Date(now),
      Expiration: new Date(now + 24 * 3_600_000),
    }),
  };
}

if (import.meta.main) {
  const [folder, first] = Deno.args;
  const env = { get: (name: string) => name === "STSAVAL_CACHE_DIR" ? folder : undefined };
  const cache = diskCache({ ...denoSystem, env, logger: silentLogger });
  for (let number = Number(first);; number++) {
    denoSystem.terminal.out(`${number}\n`);
    // The number is on its way before the entry is.
    await denoSystem.terminal.flush();
    await cache.put(key, entryOf(number));
  }
}
