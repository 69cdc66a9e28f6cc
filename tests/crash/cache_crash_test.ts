/**
 * SIGKILL at any moment of a write to the session cache: what is there afterwards is the old entry or the new one, whole
 * and for its owner only, and the next command clears away what the killed one left.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { silentLogger } from "../../src/logger.ts";
import { diskCache } from "../session/fixtures.ts";
import type { SessionCache } from "../../src/cache/port.ts";
import type { Random } from "../../src/system.ts";
import { seededRandom } from "../fake_system.ts";
import { entryOf, key } from "./cache_loop.ts";

const kills = 250;
/** Folders in which it happens at the same time. */
const seeds = [1, 2];
/** Time for some entries. */
const longestRunMs = 60;
/** What a killed writer left is taken for its own after a minute. */
const laterMs = 61_000;

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";

Deno.test({
  name: `a cache entry survives ${kills} kills of its writer` +
    (skipped ? ", skipped: no other program may be run" : ""),
  ignore: skipped,
  async fn() {
    const rounds = kills / seeds.length;
    const lanes = await Promise.all(seeds.map((seed) => runLane(seededRandom(seed), rounds)));
    const sum = (pick: (outcome: Outcome) => boolean) => lanes.flat().filter(pick).length;
    // Kills that never hit a write would prove nothing.
    assert(sum(({ finished }) => finished) > 0, "no kill came after the rename");
    assert(sum(({ finished }) => !finished) > 0, "no kill came before the rename");
    assert(sum(({ leftovers }) => leftovers > 0) > 0, "no kill came while the entry was written");
  },
});

/** What was found after a kill. */
interface Outcome {
  /** The number of the entry that is there, 0 where there is none. */
  readonly found: number;
  /** Whether the last entry that was begun is there. */
  readonly finished: boolean;
  /** How many files of killed writers lay beside it. */
  readonly leftovers: number;
}

async function runLane(random: Random, rounds: number): Promise<Outcome[]> {
  const home = await Deno.makeTempDir({ prefix: "stsaval-crash-" });
  const folder = `${home}/cache`;
  try {
    const outcomes: Outcome[] = [];
    let found = 0;
    for (let round = 0; round < rounds; round++) {
      const begun = await killWriter(folder, found + 1, random.number() * longestRunMs);
      const outcome = await lookAfter(folder, begun);
      outcomes.push(outcome);
      found = outcome.found;
      if (round % 10 === 9) {
        await clearsAway(folder);
        found = 0;
      }
    }
    return outcomes;
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** What a kill left after the entry of that number had been begun. */
async function lookAfter(folder: string, begun: number): Promise<Outcome> {
  const warnings: string[] = [];
  const credentials = await cacheAt(folder, 0, warnings).get(key);
  assertEquals(warnings, []);
  const found = Number(credentials?.AccessKeyId.slice(4) ?? 0);
  assert(found === begun || found === begun - 1, `found entry ${found} after ${begun} was begun`);
  assertEquals(credentials?.SessionToken, found === 0 ? undefined : `${found} `.repeat(40_000));
  // A writer that was killed at once has not made the folder yet.
  if (!(await exists(folder))) return { found, finished: false, leftovers: 0 };
  assertEquals((await Deno.stat(folder)).mode, 0o040700);
  const names = await namesIn(folder);
  for (const name of names) assertEquals((await Deno.stat(`${folder}/${name}`)).mode, 0o100600);
  const leftovers = names.filter((name) => name.endsWith(".tmp")).length;
  return { found, finished: found === begun, leftovers };
}

/** A command that comes a minute later leaves the entry alone in its folder. */
async function clearsAway(folder: string): Promise<void> {
  await cacheAt(folder, laterMs, []).put(key, entryOf(0));
  assertEquals(await namesIn(folder), [`${key}.json`]);
  await Deno.remove(`${folder}/${key}.json`);
}

function cacheAt(folder: string, laterMs: number, warnings: string[]): SessionCache {
  const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
  return diskCache({
    ...denoSystem,
    env: { get: (name) => name === "STSAVAL_CACHE_DIR" ? folder : undefined },
    clock: { ...denoSystem.clock, now: () => denoSystem.clock.now() + laterMs },
    logger,
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function namesIn(folder: string): Promise<string[]> {
  return Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}

/** Lets a program put entries for so long, from that number on; gives the last number that it has begun. */
async function killWriter(folder: string, first: number, ms: number): Promise<number> {
  const program = new URL("cache_loop.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-read", "--allow-write", program, folder, String(first)],
    stdout: "piped",
  }).spawn();
  const said: string[] = [];
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (said.length === 0) setTimeout(() => child.kill("SIGKILL"), ms);
    said.push(text);
  }
  await child.status;
  return Number(said.join("").split("\n").at(-2));
}
