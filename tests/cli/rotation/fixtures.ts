/**
 * A rotation against the emulator: a store in memory, a session with MFA that is kept as the cache keeps it, and a program
 * that can be killed before and after each of its effects.
 *
 * @module
 */

import type { AccessKeys } from "../../../src/credentials.ts";
import { createIamKeys, type IamKeys } from "../../../src/cli/rotation/iam_keys.ts";
import {
  rotate,
  type RotationOptions,
  type RotationPorts,
  type RotationResult,
} from "../../../src/cli/rotation/rotate.ts";
import type { SealedKeys } from "../../../src/store/port.ts";
import { createSts } from "../../../src/sts/client.ts";
import type { EmulatorUser, IamSettings } from "../../../src/testing/mod.ts";
import { type IamBench, iamBench, url } from "../../testing/iam/fixtures.ts";

/** How long a session lives that says nothing else. */
const sessionMs = 12 * 3_600_000;

/** The program was killed. */
export class Killed extends Error {}

/** What a run is told. */
export interface RunOptions extends RotationOptions {
  /** It is killed at that effect: the first is 0, and each counts twice, before and after. */
  readonly killAt?: number;
  /** What a person answers. */
  readonly answer?: boolean;
}

/** A rotation and what is around it. */
export interface RotationBench extends IamBench {
  /** What is sealed now. */
  readonly sealed: { content: SealedKeys };
  /** What was told. */
  readonly told: string[];
  /** What was asked, each with its hint. */
  readonly asked: string[];
  /** How many codes were used. */
  codes(): number;
  run(options?: RunOptions): Promise<RotationResult>;
  /** The ids of the keys that IAM has now, without a lag. */
  online(): readonly string[];
}

/** The sample user, whose key is sealed. */
export function rotationBench(
  change: Partial<EmulatorUser> = {},
  iam: Partial<IamSettings> = {},
  { withMfa = true }: { readonly withMfa?: boolean } = {},
): RotationBench {
  const bench = iamBench(change, iam);
  const { system, emulator, user, userName, ports } = bench;
  const { accessKeyId, secretAccessKey } = user;
  const sealed: { content: SealedKeys } = {
    content: { version: 1, keys: [{ accessKeyId, secretAccessKey, state: "current" }] },
  };
  const told: string[] = [];
  const asked: string[] = [];
  let session: { readonly keys: AccessKeys; readonly until: number } | undefined;
  const { signal } = new AbortController();
  const sts = createSts({ ...system, network: ports.system.network });

  const run = async ({ killAt = Infinity, answer = false, ...options }: RunOptions = {}) => {
    let effects = 0;
    const effect = async <T>(work: () => Promise<T>): Promise<T> => {
      if (effects++ === killAt) throw new Killed();
      const result = await work();
      if (effects++ === killAt) throw new Killed();
      return result;
    };
    const given: RotationPorts = {
      clock: system.clock,
      signal,
      tell: (text) => void told.push(text),
      confirm: (question, hint) => {
        asked.push(`${question} ${hint}`);
        return Promise.resolve(answer);
      },
      store: {
        read: () => Promise.resolve(sealed.content),
        write: (content) =>
          effect(() => {
            sealed.content = JSON.parse(JSON.stringify(content));
            return Promise.resolve();
          }),
      },
      connect: async (current) => {
        const now = system.clock.now();
        if (withMfa && (session?.until ?? 0) <= now) {
          await effect(async () => {
            session = { keys: await bench.session(true, own(current)), until: now + sessionMs };
          });
        }
        const owner = bench.owner(session?.keys ?? current);
        return { iam: killable(createIamKeys(owner), effect), userName };
      },
      identify: (keys) =>
        effect(async () => {
          const endpoint = { endpointUrl: url };
          return (await sts.getCallerIdentity({ keys: own(keys), endpoint, signal })).arn;
        }),
    };
    return await system.clock.runUntil(rotate(given, options));
  };
  return {
    ...bench,
    ...{ sealed, told, asked, run },
    codes: () => emulator.calls.filter(({ serial }) => serial !== undefined).length,
    online: () => emulator.accessKeysOf(user).map((key) => key.accessKeyId),
  };
}

/** Without what else is sealed with them. */
function own({ accessKeyId, secretAccessKey }: AccessKeys): AccessKeys {
  return { accessKeyId, secretAccessKey };
}

function killable(iam: IamKeys, effect: <T>(work: () => Promise<T>) => Promise<T>): IamKeys {
  return {
    list: () => effect(() => iam.list()),
    create: () => effect(() => iam.create()),
    deactivate: (id) => effect(() => iam.deactivate(id)),
    delete: (id) => effect(() => iam.delete(id)),
    lastUse: (id) => effect(() => iam.lastUse(id)),
  };
}
