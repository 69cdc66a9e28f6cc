/**
 * What it costs to keep 100, 1,000 and 10,000 profiles fresh for an hour of a virtual clock: memory, processor time, and
 * how long a read of a credential takes meanwhile. Needs `--v8-flags=--expose-gc`.
 *
 * The figures include the emulator's processor time: they are only meant to be compared with each other.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { Credentials } from "../src/credentials.ts";
import type { CredentialSet } from "../src/refresh/live.ts";
import { simulate, type Simulation } from "../tests/refresh/simulation.ts";
import { checkRatio, median } from "./ratio.ts";

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
  /** The longest time of a read, in plain property reads. */
  readonly longestRead: number;
}

/** A set that is refreshed until it is released. */
interface Held {
  simulation: Simulation | undefined;
}

async function costsOf(profiles: number): Promise<Costs> {
  const held: Held = { simulation: await start(profiles) };
  const { work, longestRead } = await useFor(held, 60);
  const full = await heap();
  await held.simulation?.set.halt();
  const emulator = held.simulation?.emulator;
  held.simulation = undefined;
  const memory = full - await heap();
  // It must stay alive until the end, or its memory would be counted too.
  if (emulator?.count("GetSessionToken") !== 1) throw new Error("more than one session token");
  return { profiles, memory: memory / profiles, work: work / profiles, longestRead };
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
  const longestRead = Math.max(...reads.map(({ live }) => live)) /
    median(reads.map((r) => r.plain));
  return { work, longestRead };
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

const [hundred, thousand, tenThousand] = [
  await costsOf(100),
  await costsOf(1_000),
  await costsOf(10_000),
];
for (const costs of [hundred, thousand, tenThousand]) {
  const { profiles, memory, longestRead } = costs;
  console.log(`${profiles} profiles: ${Math.round(memory)} bytes for each`);
  checkRatio(
    `${profiles} profiles: the longest read, in plain property reads`,
    longestRead,
    30,
  );
}
for (const costs of [thousand, tenThousand]) {
  const than = `${costs.profiles} profiles, of one of 100`;
  checkRatio(`memory of one of ${than}`, costs.memory / hundred.memory, 1.2);
  checkRatio(`processor time of one of ${than}`, costs.work / hundred.work, 1.2);
}
