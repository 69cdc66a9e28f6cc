/**
 * Many profiles at once: 100 roles of an STS that takes 50 ms for each call, against the same roles one after the other.
 *
 * @module
 */

import { StsCore } from "../../mod.ts";
import { createStsEmulator, emulatorSystem, sampleWorld } from "../../src/testing/mod.ts";
import type { Measured, Row } from "../row.ts";
import { ratioOfPairs, timeOf } from "../statistics.ts";

const profiles = 100;
const pairs = 3;

async function measure(): Promise<Measured> {
  const emulator = createStsEmulator({ world: sampleWorld(profiles) });
  const names = emulator.world.roles.map(({ arn }) => arn.slice(arn.lastIndexOf("/") + 1));
  const [user] = emulator.world.users;
  await using sts = new StsCore({ profileName: user?.name, system: emulatorSystem(emulator) });
  const mfaCode = (serial: string) => emulator.mfaCode(serial);
  await sts.generateSessionToken({ mfaCode });
  emulator.faults.push({ effect: { kind: "delay", ms: 50 } });
  const oneByOne = () =>
    timeOf(async () => {
      for (const name of names) await sts.generateCredentials([name]);
    });
  const atOnce = () => timeOf(() => sts.generateCredentials(names));
  const ratio = await ratioOfPairs(oneByOne, atOnce, pairs);
  const calls = emulator.count("AssumeRole", "ok");
  const wanted = 2 * (pairs + 1) * profiles;
  if (calls !== wanted) throw new Error(`${calls} calls, wanted ${wanted}`);
  return ratio;
}

/** The row. */
export const batchRows: readonly Row[] = [
  { what: `${profiles} profiles at once, of one by one`, limit: { atMost: 0.1 }, measure },
];
