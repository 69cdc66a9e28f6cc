/**
 * A user of the emulator's IAM, with stsaval's own client in front of it, on a virtual clock.
 *
 * @module
 */

import { type AccessKeys, asAccessKeys } from "../../../src/credentials.ts";
import type { CallPorts } from "../../../src/source/http_call.ts";
import type { KeyOwner } from "../../../src/source/iam/change_keys.ts";
import { iamEndpoint } from "../../../src/source/iam/iam_hosts.ts";
import {
  createStsEmulator,
  type EmulatorUser,
  type IamSettings,
  sampleWorld,
  type StsEmulator,
} from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem } from "../../fake_system.ts";

export const url = "http://127.0.0.1:4566";

/** The user and what calls IAM for it. */
export interface IamBench {
  readonly system: FakeSystem;
  readonly emulator: StsEmulator;
  readonly user: EmulatorUser;
  readonly userName: string;
  readonly ports: CallPorts;
  readonly endpoint: ReturnType<typeof iamEndpoint>;
  /** What changes the user's keys, signed with these. */
  owner(keys?: AccessKeys): KeyOwner;
  /** A session with MFA, or without; of the user's first key, or of another one. */
  session(withMfa?: boolean, keys?: AccessKeys): Promise<AccessKeys>;
  /** Whether STS takes the keys now: its error, or "ok". */
  tried(keys: AccessKeys): Promise<string>;
}

/** The sample user, changed. */
export function iamBench(
  change: Partial<EmulatorUser> = {},
  iam: Partial<IamSettings> = {},
): IamBench {
  const world = sampleWorld();
  const [first] = world.users;
  if (first === undefined) throw new Error("the sample has a user");
  const user: EmulatorUser = { ...first, ...change };
  const system = fakeSystem();
  const emulator = createStsEmulator({
    clock: system.clock,
    random: system.random,
    world: { ...world, users: [user] },
    iam,
  });
  const endpoint = iamEndpoint("eu-west-1", url);
  const fetch = (request: Request) => emulator.handle(request);
  const signal = new AbortController().signal;
  const ports = { system: { ...system, network: { fetch } }, signal };
  const userName = user.name.slice(user.name.lastIndexOf("/") + 1);
  return {
    ...{ system, emulator, user, userName, ports, endpoint },
    owner: (keys = user) => ({ ports, keys, endpoint, userName }),
    async session(withMfa = true, keys = user) {
      const serial = user.mfa?.serial ?? "";
      const mfa = withMfa ? { serial, code: emulator.mfaCode(serial) } : {};
      return asAccessKeys(await emulator.service.getSessionToken({ keys, mfa }));
    },
    tried: (keys) =>
      emulator.service.getCallerIdentity({ keys }).then(() => "ok", (error) => error.code),
  };
}
