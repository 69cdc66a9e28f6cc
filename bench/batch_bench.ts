/**
 * Many profiles at once: 100 roles of an STS that takes 50 ms for each call, against the same roles one after the other.
 *
 * @module
 */

import { StsCore } from "../mod.ts";
import { createStsEmulator, emulatorSystem, sampleWorld } from "../src/testing/mod.ts";
import { checkRatio, median } from "./ratio.ts";

const profiles = 100;
const emulator = createStsEmulator({ world: sampleWorld(profiles) });
const names = emulator.world.roles.map(({ arn }) => arn.slice(arn.lastIndexOf("/") + 1));
const [user] = emulator.world.users;

await using sts = new StsCore({ profileName: user?.name, system: emulatorSystem(emulator) });
const mfaCode = (serial: string) => emulator.mfaCode(serial);
// Before the measurement one session token and one call of every kind, so that the SDK is loaded for both sides.
await sts.generateSessionToken({ mfaCode });
await sts.generateCredentials(names.slice(0, 1));
emulator.faults.push({ effect: { kind: "delay", ms: 50 } });

/** Milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function oneByOne(): Promise<void> {
  for (const name of names) await sts.generateCredentials([name]);
}

const before = emulator.count("AssumeRole", "ok");
const atOnce: number[] = [];
for (let round = 0; round < 5; round++) {
  atOnce.push(await timeOf(() => sts.generateCredentials(names)));
}
const inTurn = await timeOf(oneByOne);
const calls = emulator.count("AssumeRole", "ok") - before;
if (calls !== 6 * profiles) throw new Error(`${calls} calls, wanted ${6 * profiles}`);
checkRatio(`${profiles} profiles at once, of their time one by one`, median(atOnce) / inTurn, 0.1);
