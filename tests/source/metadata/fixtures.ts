/**
 * An emulated instance or container, and a program on it.
 *
 * @module
 */

import {
  createStsEmulator,
  type EmulatorContainer,
  type EmulatorOptions,
  sampleMachineWorld,
  type StsEmulator,
} from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, seededRandom, VirtualClock } from "../../fake_system.ts";

/** What the machine's role issues. */
export const machineArn = "arn:aws:sts::123456789012:assumed-role/Machine/";

/** The three roles on top. */
export const onTop = ["LambdaRole-dev", "LogsRole-qa", "BackupRole-prod"] as const;

/** A profile for each of the three, whose base `credential_source` names. */
export function rolesOn(credentialSource: string): string {
  return onTop.map((name) =>
    `[profile ${name}]
role_arn = arn:aws:iam::123456789012:role/${name}
credential_source = ${credentialSource}
endpoint_url = http://127.0.0.1:4566
region = eu-west-1
`
  ).join("");
}

/** How a machine is started. */
export interface MachineOptions {
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly machine?: Partial<EmulatorContainer>;
  readonly instance?: EmulatorOptions["instance"];
  /** Answers in place of the emulator, for some requests. */
  readonly fetch?: (request: Request) => Promise<Response> | undefined;
}

/** A machine. */
export interface Machine {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  /** The URLs of the requests, each with its method. */
  readonly requests: string[];
  /** The headers of the requests. */
  readonly headers: Headers[];
}

/** Starts it. */
export function startMachine(
  kind: "instance" | "container",
  { config = "", env = {}, files = {}, machine = {}, instance, fetch }: MachineOptions = {},
): Machine {
  const clock = new VirtualClock();
  const random = seededRandom();
  const world = sampleMachineWorld(kind, machine);
  const emulator = createStsEmulator({ clock, random, world, instance });
  const requests: string[] = [];
  const headers: Headers[] = [];
  const system = fakeSystem({
    ...{ clock, random, env },
    files: { "/home/kim/.aws/config": config, ...files },
    fetch: (request) => {
      requests.push(`${request.method} ${request.url}`);
      headers.push(request.headers);
      return fetch?.(request) ?? emulator.handle(request);
    },
  });
  return { emulator, system, requests, headers };
}
