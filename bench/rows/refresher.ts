/**
 * What it costs to keep 100, 1,000 and 10,000 profiles fresh for an hour of a virtual clock: memory, processor time, and
 * how long a read of a credential takes meanwhile. Needs `--v8-flags=--expose-gc`.
 *
 * The figures include the emulator's processor time: they are only meant to be compared with each other.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { Credentials } from "../../src/credentials.ts";
import type { CredentialSet } from "../../src/refresh/live.ts";
import { simulate, type Simulation } from "../../tests/refresh/simulation.ts";
import type { Row } from "../row.ts";
import { median, once, percentile } from "../statistics.ts";

const minute = 60_000;
/** Garbage collection and other programs disturb a single measurement; repeat it. */
const rounds = 5;

/** The costs for one number of profiles. */
interface Costs {
  readonly profiles: number;
  /** Bytes of one profile in its set, without the emulator's share. */
  readonly memory: number;
  /** Microseconds of processor time for one profile and one hour. */
  readonly work: number;
  /** The time of a read that 90 % of the reads do not exceed, in plain property reads. */
  readonly longRead: number;
}

/** A set that is refreshed until it is released. */
interface Held {
  simulation: Simulation | undefined;
}

async function costsOf(profiles: number): Promise<Costs> {
  const held: Held = { simulation: await start(profiles) };
  const { work, longRead } = await useFor(held, 60);
  const full = await heap();
  await held.simulation?.set.halt();
  const emulator = held.simulation?.emulator;
  held.simulation = undefined;
  const memory = full - await heap();
  // It must stay alive until the end, or its memory would be counted too.
  if (emulator?.count("GetSessionToken") !== 1) throw new Error("more than one session token");
  return { profiles, memory: memory / profiles, work: work / profiles, longRead };
}

/** The renewals are spread over the first hour; from then on every hour is alike. */
async function start(profiles: number): Promise<Simulation> {
  const simulation = await simulate({ profiles, roleSeconds: 3_600, lifetimeSeconds: 36 * 3_600 });
  await simulation.clock.advance(60 * minute);
  return simulation;
}

/** Lets time pass, and reads credentials each minute while renewals are under way. */
async function useFor({ simulation }: Held, minutes: number) {
  if (simulation === undefined) throw new Error("nothing to use");
  const { clock, emulator, set } = simulation;
  for (let warmUp = 0; warmUp < 100; warmUp++) timeOfReads(set);
  const before = emulator.count("AssumeRole", "ok");
  const plain = { ...set.toJSON() };
  let work = 0;
  const reads: { readonly live: number; readonly plain: number }[] = [];
  for (let passed = 0; passed < minutes; passed++) {
    const begun = cpuUsage();
    await clock.advance(minute);
    const { user, system } = cpuUsage(begun);
    work += user + system;
    reads.push({ live: timeOfReads(set), plain: timeOfReads(plain) });
  }
  if (emulator.count("AssumeRole", "ok") === before) throw new Error("nothing was renewed");
  // Not the longest of all: any other program of the machine can make one read long.
  const longRead = percentile(reads.map(({ live }) => live), 0.9) /
    median(reads.map(({ plain }) => plain));
  return { work, longRead };
}

/** The shortest of a few rounds that read every key once: a read never waits for a promise. */
function timeOfReads(set: CredentialSet | Readonly<Record<string, Credentials>>): number {
  const keys = Object.keys(set).slice(0, 100);
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    for (const key of keys) {
      if (!(Reflect.get(set, key) instanceof Credentials)) throw new Error(`${key} is missing`);
    }
    return performance.now() - begun;
  });
  return Math.min(...times);
}

/** Bytes in use after garbage collection; running code holds its objects until the next turn. */
async function heap(): Promise<number> {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc !== "function") {
    throw new Error("Cannot measure memory: run it with --v8-flags=--expose-gc");
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
  return Deno.memoryUsage().heapUsed;
}

const counts = [100, 1_000, 10_000] as const;
type Count = typeof counts[number];

const costs = {
  100: once(() => costsOf(100)),
  1_000: once(() => costsOf(1_000)),
  10_000: once(() => costsOf(10_000)),
} as const;

function growth(count: Count, name: "memory" | "work", words: string): Row {
  return {
    what: `${words} of one of ${count} profiles, of one of 100`,
    limit: { atMost: 1.2 },
    measure: async () => ({ value: (await costs[count]())[name] / (await costs[100]())[name] }),
  };
}

const larger = [1_000, 10_000] as const;

/** The rows. */
export const refresherRows: readonly Row[] = [
  ...counts.map((count): Row => ({
    what: `a read among ${count} profiles in renewal (p90), of a plain read`,
    limit: { atMost: 30 },
    measure: async () => ({ value: (await costs[count]()).longRead }),
  })),
  ...larger.map((count) => growth(count, "memory", "memory")),
  ...larger.map((count) => growth(count, "work", "processor time")),
];
