/**
 * An emulator on a virtual clock, and its callers.
 *
 * @module
 */

import { type AccessKeys, asAccessKeys, type CredentialsFields } from "../../src/credentials.ts";
import {
  createStsEmulator,
  type EmulatorOptions,
  type EmulatorRole,
  type EmulatorUser,
  type EmulatorWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import type { Random } from "../../src/system.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";

export const account = "111122223333";
export const serial = `arn:aws:iam::${account}:mfa/kim`;

export const kim: EmulatorUser = {
  name: "kim",
  account,
  accessKeyId: "AKIAKIMKIMKIMKIMKIM0",
  secretAccessKey: "kims/secret+key",
  mfa: { serial, secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" },
};

export const robin: EmulatorUser = {
  name: "robin",
  account: "444455556666",
  accessKeyId: "AKIAROBINROBINROBIN0",
  secretAccessKey: "robins-secret",
};

export const owner: EmulatorUser = {
  name: "owner",
  account,
  accessKeyId: "AKIAROOTROOTROOTROOT",
  secretAccessKey: "roots-secret",
  isRoot: true,
};

/** The ARN of a role in kim's account. */
export function roleArn(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

/** A role that kim may assume, with what is special about it. */
export function role(name: string, special: Partial<EmulatorRole> = {}): EmulatorRole {
  return { arn: roleArn(name), trusts: [account], ...special };
}

/** An emulator with the virtual clock that it lives by. */
export interface Bench {
  readonly clock: VirtualClock;
  readonly emulator: StsEmulator;
}

/** An emulator that knows kim, robin and the account's owner. */
export function bench(
  roles: EmulatorWorld["roles"] = [role("Deploy")],
  options: EmulatorOptions = {},
): Bench {
  const clock = new VirtualClock();
  const world = { users: [kim, robin, owner], roles };
  const emulator = createStsEmulator({ clock, random: seededRandom(), world, ...options });
  return { clock, emulator };
}

/** What a call says about kim's device now. */
export function mfaNow(emulator: StsEmulator): { serial: string; code: string } {
  return { serial, code: emulator.mfaCode(serial) };
}

/** Keys of a session of kim's that proved the device. */
export async function mfaSession(
  emulator: StsEmulator,
  durationSeconds = 43_200,
): Promise<AccessKeys> {
  const call = { keys: kim, durationSeconds, mfa: mfaNow(emulator) };
  return asAccessKeys(await emulator.service.getSessionToken(call));
}

/** Keys as calls take them. */
export function keysOf(credentials: CredentialsFields): AccessKeys {
  return asAccessKeys(credentials);
}

/** Chance that never repeats itself and costs next to nothing. */
export function countingRandom(): Random {
  let count = 0;
  return {
    number: () => 0,
    bytes(length) {
      const bytes = new Uint8Array(length);
      new DataView(bytes.buffer).setUint32(0, count++);
      return bytes;
    },
  };
}
