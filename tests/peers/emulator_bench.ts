/**
 * An emulator on loopback with a home folder that points to it, and programs that are run in that home.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";
import {
  createStsEmulator,
  type EmulatorOptions,
  type EmulatorUser,
  type EmulatorWorld,
  formatSampleHome,
  sampleWorld,
  type StsEmulator,
  userArn,
} from "../../src/testing/mod.ts";

/** What a program left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An emulator and what can be done with it. */
export interface PeerBench extends AsyncDisposable {
  readonly emulator: StsEmulator;
  readonly url: string;
  readonly user: EmulatorUser;
  /** The home folder. */
  readonly home: string;
  /** The serial number of the user's device and a code that was not used before. */
  freshMfa(): readonly [serial: string, code: string];
  /** Puts the emulator's clock forward. */
  jump(ms: number): void;
  /** Runs a program in the home folder. */
  run(command: string, args: readonly string[], env?: Record<string, string>): Promise<Finished>;
}

/** The sample world, with one role more that needs no MFA and trusts the role before it. */
function peerWorld(): EmulatorWorld {
  const { users: [user], roles } = sampleWorld();
  if (user === undefined) throw new Error("the sample world has no user");
  const trusts = [userArn(user), ...roles.map(({ arn }) => arn)];
  const next = { arn: "arn:aws:iam::210987654321:role/Next", trusts };
  return { users: [user], roles: [...roles, next] };
}

/** How it is set up. */
export interface BenchOptions extends EmulatorOptions {
  /** Stands before the emulator, which `handle` is. */
  readonly intercept?: (request: Request, handle: StsEmulator["handle"]) => Promise<Response>;
}

/** Starts an emulator; its clock goes with the machine's, and can be put forward. */
export async function startEmulator(
  { intercept, ...options }: BenchOptions = {},
): Promise<PeerBench> {
  let offset = 0;
  const now = () => denoSystem.clock.now() + offset;
  const clock = { now, sleep: denoSystem.clock.sleep };
  const emulator = createStsEmulator({ clock, world: peerWorld(), ...options });
  const [user] = emulator.world.users;
  if (user?.mfa === undefined) throw new Error("the sample user has no device");
  const { serial } = user.mfa;
  const controller = new AbortController();
  const { signal } = controller;
  const { handle } = emulator;
  const serve = intercept === undefined ? handle : (request: Request) => intercept(request, handle);
  const listener = await denoSystem.network.serve(serve, { port: 0, signal });
  const url = `http://127.0.0.1:${listener.port}`;
  const home = await writeHome(emulator.world, url);
  return {
    emulator,
    url,
    user,
    home,
    freshMfa() {
      offset += 30_000;
      return [serial, emulator.mfaCode(serial)];
    },
    jump: (ms) => void (offset += ms),
    run: (command, args, env) => runIn(home, command, args, env),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await listener.finished;
      await Deno.remove(home, { recursive: true });
    },
  };
}

async function writeHome(world: EmulatorWorld, url: string): Promise<string> {
  const home = await Deno.makeTempDir({ prefix: "stsaval-peer-" });
  const { config, credentials } = formatSampleHome(world, { url });
  await Deno.mkdir(`${home}/.aws`);
  await Deno.writeTextFile(`${home}/.aws/config`, config);
  await Deno.writeTextFile(`${home}/.aws/credentials`, credentials);
  return home;
}

async function runIn(
  home: string,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const child = new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      NO_PROXY: "127.0.0.1",
      ...env,
    },
    stdin: "null",
  });
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The variables by which programs take keys from the environment. */
export function keysAsEnv(keys: {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: keys.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
    AWS_SESSION_TOKEN: keys.SessionToken,
  };
}
