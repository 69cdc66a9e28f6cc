/**
 * A credential set on a virtual clock, with the emulator's service as its STS: days pass in seconds.
 *
 * @module
 */

import type { Credentials } from "../../src/credentials.ts";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import type { CredentialPlan } from "../../src/plan.ts";
import { silentLogger } from "../../src/logger.ts";
import type { CredentialSet } from "../../src/refresh/live.ts";
import { createMfaSource } from "../../src/session/mfa.ts";
import { BaseCredentials } from "../../src/session/base_credentials.ts";
import { Provider } from "../../src/session/provider.ts";
import { SetMaker } from "../../src/session/set/set_maker.ts";
import type { Sts } from "../../src/sts/sts.ts";
import {
  createStsEmulator,
  EmulatorError,
  sampleWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import { fakeSystem, seededRandom, VirtualClock } from "../fake_system.ts";
import { settlePromises } from "../settle.ts";

/** What is simulated. */
export interface SimulationOptions {
  readonly profiles: number;
  /** How long a role's credentials live. */
  readonly roleSeconds: number;
  /** The lifetime asked for, and the life of the session token. */
  readonly lifetimeSeconds: number;
  readonly sessionSeconds?: number;
  /** Without a session token nothing ends by itself. */
  readonly mfa?: boolean;
  readonly concurrency?: number;
  /** The region of the endpoint of each profile. */
  readonly regionOf?: (index: number) => string;
}

/** A set that lives on a virtual clock. */
export interface Simulation {
  readonly clock: VirtualClock;
  readonly emulator: StsEmulator;
  readonly set: CredentialSet;
  /** Makes the provider forget the session token that the set rests on. */
  readonly forgetSession: () => void;
  /** How far STS's clock is ahead of the virtual one, as every answer from now on tells. */
  answersTellSkew: number;
}

/** The emulator as stsaval's port, its refusals as stsaval's errors. Every answer tells the clock difference. */
function asPort(emulator: StsEmulator, seen: { skew: number; told: number }): Sts {
  const call = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw asOurs(operation, error);
    } finally {
      seen.skew = seen.told;
    }
  };
  return {
    getSessionToken: (input) => call("GetSessionToken", emulator.service.getSessionToken(input)),
    assumeRole: (input) => call("AssumeRole", emulator.service.assumeRole(input)),
    assumeRoleWithWebIdentity: (input) =>
      call("AssumeRoleWithWebIdentity", emulator.service.assumeRoleWithWebIdentity(input)),
    getScopedCredentials: (input) =>
      call("GetScopedCredentials", emulator.service.getScopedCredentials(input)),
    getCallerIdentity: (input) =>
      call("GetCallerIdentity", emulator.service.getCallerIdentity(input)),
    skewMs: () => seen.skew,
  };
}

function asOurs(operation: string, error: unknown): unknown {
  if (!(error instanceof EmulatorError)) {
    return error instanceof TypeError
      ? new StsUnreachableError("Cannot reach STS: connection dropped", { operation })
      : error;
  }
  const details = { operation, awsCode: error.code };
  return error.code === "Throttling" || error.status >= 500
    ? new StsUnreachableError(`STS kept failing: ${error.code}`, details)
    : new StsError(`STS refused: ${error.code}`, details);
}

/** Starts the set, all its credentials fetched. */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { profiles, roleSeconds, lifetimeSeconds, mfa = true } = options;
  const clock = new VirtualClock(undefined, settlePromises);
  const random = seededRandom(42);
  const sample = sampleWorld(profiles);
  const world = { ...sample, roles: sample.roles.map((role) => ({ ...role, requireMfa: mfa })) };
  const emulator = createStsEmulator({ clock, random, world, roleSeconds, callLimit: 2_000_000 });
  const seen = { skew: 0, told: 0 };
  const sts = asPort(emulator, seen);
  const now = () => clock.now() + seen.skew;
  const awsCliCache = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  const ports = { sts, now, logger: silentLogger };
  const base = new BaseCredentials({ ...ports, system: fakeSystem() });
  const provider = new Provider({ ...ports, base, awsCliCache });
  const maker = new SetMaker({
    provider,
    sts,
    clock,
    random,
    logger: silentLogger,
    concurrency: options.concurrency ?? 16,
  });
  const [user] = world.users;
  if (user?.mfa === undefined) throw new Error("the sample world has no user with MFA");
  const session = {
    kind: "get-session-token",
    mfaSerial: user.mfa.serial,
    durationSeconds: options.sessionSeconds ?? Math.min(129_600, lifetimeSeconds),
    endpoint: {},
    reason: "",
  } as const;
  const plans = world.roles.map(({ arn }, index): CredentialPlan => ({
    profile: arn.split("/").at(-1) ?? "",
    base: { kind: "static-keys", profile: user.name, keys: user, reason: "" },
    ...(mfa ? { session } : {}),
    roles: [{
      kind: "assume-role",
      profile: arn,
      roleArn: arn,
      roleSessionName: "sts-test",
      durationSeconds: Math.max(900, roleSeconds),
      endpoint: options.regionOf === undefined ? {} : { region: options.regionOf(index) },
      reason: "",
    }],
    notices: [],
  }));
  const making = maker.make(plans, {
    mfa: createMfaSource((serial) => emulator.mfaCode(serial)),
    signal: new AbortController().signal,
    strict: true,
    errors: new Map(),
    lifetime: lifetimeSeconds,
    keepFresh: true,
  });
  await waitFor(making, clock);
  const set = await making;
  return {
    clock,
    emulator,
    set,
    forgetSession: () => provider.forget(),
    get answersTellSkew() {
      return seen.told;
    },
    set answersTellSkew(ms: number) {
      seen.told = ms;
    },
  };
}

/** Lets time pass as long as somebody sleeps: how many calls a batch makes in a second is limited. */
async function waitFor(work: Promise<unknown>, clock: VirtualClock): Promise<void> {
  let ended = false;
  const end = () => void (ended = true);
  work.then(end, end);
  while (!ended) {
    // What is loaded or digested meanwhile is waited for.
    await new Promise((resolve) => void setTimeout(resolve, 0));
    if (!ended && clock.sleeping > 0) await clock.advance(10);
  }
}

/** All credentials of a set as a reader sees them; throws where one has ended. */
export function readAll(set: CredentialSet): Credentials[] {
  return Object.values(set.toJSON());
}
