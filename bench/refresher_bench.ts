/**
 * What it costs to keep 100, 1,000 and 10,000 profiles fresh for an hour of a virtual clock: memory, processor time, and
 * how long somebody waits who reads a credential meanwhile. Needs `--v8-flags=--expose-gc`.
 *
 * The emulator's share of the processor time is in the figures: they are there to be compared with each other.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { Credentials } from "../src/credentials.ts";
import type { CredentialSet } from "../src/refresh/live.ts";
import { simulate, type Simulation } from "../tests/refresh/simulation.ts";
import { checkRatio, median } from "./ratio.ts";

const minute = 60_000;
/** The garbage collector and other programs disturb one measurement; what lasts shows in more of them. */
const rounds = 5;

/** What one size costs. */
interface Costs {
  readonly profiles: number;
  /** Bytes of one profile in its set, beside what the emulator knows of it. */
  readonly memory: number;
  /** Microseconds of processor time for one profile and one hour. */
  readonly work: number;
  /** The longest of the times that a reader waited, in plain property reads. */
  readonly longestRead: number;
}

/** A set that is refreshed, until nobody holds it any more. */
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
  // It must be there until the end, or its memory would be counted too.
  if (emulator?.count("GetSessionToken") !== 1) throw new Error("more than one session token");
  return { profiles, memory: memory / profiles, work: work / profiles, longestRead };
}

/** In the first hour the renewals are spread; from then on each hour is like the next. */
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

/** The least time of a few rounds in which every key is read once: no reader ever waits for a promise. */
function timeOfReads(set: CredentialSet | Readonly<Record<string, Credentials>>): number {
  const keys = Object.keys(set).slice(0, 100);
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    for (const key of keys) {
      if (!(Reflect.get(set, key) instanceof Credentials)) throw new Error(`${key} is not there`);
    }
    return performance.now() - begun;
  });
  return Math.min(...times);
}

/** Bytes in use once everything is gone that nobody holds; what runs holds its own until the next turn. */
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
    `${profiles} profiles: the longest reading, in plain property reads`,
    longestRead,
    30,
  );
}
for (const costs of [thousand, tenThousand]) {
  const than = `${costs.profiles} profiles, of one of 100`;
  checkRatio(`memory of one of ${than}`, costs.memory / hundred.memory, 1.2);
  checkRatio(`processor time of one of ${than}`, costs.work / hundred.work, 1.2);
}
