/**
 * Puts an emulator together.
 *
 * @module
 */

import { denoSystem } from "../deno/system.ts";
import type { Clock, Random } from "../system.ts";
import { type FaultRule, Faults } from "./http/faults.ts";
import { HttpFront } from "./sts/handler.ts";
import type { EmulatorIdentity } from "./world/identity.ts";
import { CallLog, type EmulatorCall } from "./http/call_log.ts";
import { createService, type EmulatorService } from "./sts/service.ts";
import { StateMachine } from "./sts/state_machine.ts";
import { type EmulatorWorld, sampleWorld } from "./world/account_state.ts";

/** How an emulator is set up; everything is optional. */
export interface EmulatorOptions {
  /** Its clock. Default: the wall clock. With a virtual one, hours pass in no time. */
  readonly clock?: Pick<Clock, "now" | "sleep"> | undefined;
  /** Makes keys, secrets and request ids, and decides the shares of faults. Default: the system's. */
  readonly random?: Random | undefined;
  /** Who and what it knows. Default: {@linkcode sampleWorld}. */
  readonly world?: EmulatorWorld | undefined;
  /** The shortest session that may be asked for, in seconds. Default: 900, as with AWS. */
  readonly minimumSeconds?: number | undefined;
  /** How long session tokens live, in seconds, whatever was asked for. Default: what was asked for. */
  readonly sessionSeconds?: number | undefined;
  /** How long assumed roles live, in seconds, whatever was asked for. Default: what was asked for. */
  readonly roleSeconds?: number | undefined;
  /** How many calls are kept in `calls`. Default: 100,000; when they are full, the older half is forgotten. */
  readonly callLimit?: number | undefined;
}

/** An STS of one's own. */
export interface StsEmulator {
  /** The users and roles that it knows. */
  readonly world: EmulatorWorld;
  /**
   * The whole STS over HTTP: the signature is checked, the parameters are read, the answer is XML.
   *
   * @throws {ConnectionDroppedError} a `TypeError`, as `fetch` rejects, where a fault drops the connection
   */
  readonly handle: (request: Request) => Promise<Response>;
  /** The same STS without HTTP and signatures; it takes the same calls as stsaval's own STS client. */
  readonly service: EmulatorService;
  /** The newest calls, oldest first. */
  readonly calls: readonly EmulatorCall[];
  /** How many calls of an operation there were, with one outcome ("ok", "AccessDenied", …) or with any. */
  count(operation: string, outcome?: string): number;
  /**
   * The code that an MFA device shows now.
   *
   * @throws {TypeError} if there is no such device
   */
  mfaCode(serial: string): string;
  /** Whose key this is, also when it has ended; undefined for an unknown one. */
  identityOf(accessKeyId: string): EmulatorIdentity | undefined;
  /** What goes wrong; rules can be added and removed at any time. */
  readonly faults: FaultRule[];
}

/**
 * Makes an STS that answers the AWS SDKs, the AWS CLI and boto3, with state of its own and no network.
 *
 * @throws {TypeError} if the secret of an MFA device is not base32
 */
export function createStsEmulator(options: EmulatorOptions = {}): StsEmulator {
  const { clock = denoSystem.clock, random = denoSystem.random, world = sampleWorld() } = options;
  const { minimumSeconds = 900, sessionSeconds, roleSeconds, callLimit = 100_000 } = options;
  const machine = new StateMachine(world, random, { minimumSeconds, sessionSeconds, roleSeconds });
  const faults = new Faults(() => random.number());
  const callLog = new CallLog(callLimit);
  const intake = { clock, faults, callLog };
  const front = new HttpFront(machine, intake, random);
  return {
    world,
    handle: (request) => front.handle(request),
    service: createService(machine, intake),
    calls: callLog.calls,
    count: (operation, outcome) => callLog.count(operation, outcome),
    mfaCode: (serial) => machine.devices.codeOf(serial, clock.now()),
    identityOf: (accessKeyId) => machine.identityOf(accessKeyId),
    faults: faults.rules,
  };
}
