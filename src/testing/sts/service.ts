/**
 * The emulator without HTTP: the five operations as methods, for tests that make very many calls.
 *
 * @module
 */

import { type AccessKeys, Credentials } from "../../credentials.ts";
import type { CallerIdentity } from "../world/identity.ts";
import type { MfaInput } from "../world/mfa_devices.ts";
import { type Circumstances, receive, type RequestIntake } from "../http/request_intake.ts";
import type {
  AssumeRoleInput,
  ScopedCredentialsInput,
  SessionTokenInput,
  WebIdentityInput,
} from "./input.ts";
import type { SentSession } from "../http/call_log.ts";
import type { Issued, StateMachine } from "./state_machine.ts";

/** The caller of an operation. */
export interface EmulatorCaller {
  /** The caller's keys, compared with the stored ones; nothing is signed. */
  readonly keys: AccessKeys;
  /** Ends a delay or a hanging call. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * STS's operations as methods. Faults and the call log apply as they do to requests. They reject with `EmulatorError`
 * when STS rejects the call, with `ConnectionDroppedError` when a fault drops the connection, and with the signal's reason.
 */
export interface EmulatorService {
  /** `sts:GetSessionToken`; 12 hours without a duration. */
  getSessionToken(call: EmulatorCaller & SessionTokenInput): Promise<Credentials>;
  /** `sts:AssumeRole`; one hour without a duration. */
  assumeRole(call: EmulatorCaller & AssumeRoleInput): Promise<Credentials>;
  /** `sts:AssumeRoleWithWebIdentity`; one hour without a duration. */
  assumeRoleWithWebIdentity(
    call: Pick<EmulatorCaller, "signal"> & WebIdentityInput,
  ): Promise<Credentials>;
  /** `sts:GetScopedCredentials`; without a duration, until the caller's session ends. */
  getScopedCredentials(call: EmulatorCaller & ScopedCredentialsInput): Promise<Credentials>;
  /** `sts:GetCallerIdentity`. */
  getCallerIdentity(call: EmulatorCaller): Promise<CallerIdentity>;
}

/** The service of a state machine; every call passes the intake. */
export function createService(machine: StateMachine, intake: RequestIntake): EmulatorService {
  return {
    getSessionToken: (call) =>
      receive(intake, arrival("GetSessionToken", call), (at) => {
        const caller = machine.authenticate(call.keys, at.now);
        return asCredentials(machine.getSessionToken(caller, call, at), at);
      }),
    assumeRole: (call) =>
      receive(intake, arrival("AssumeRole", call), (at) => {
        const caller = machine.authenticate(call.keys, at.now);
        return asCredentials(machine.assumeRole(caller, call, at), at);
      }),
    assumeRoleWithWebIdentity: (call) =>
      receive(
        intake,
        arrival("AssumeRoleWithWebIdentity", call),
        async (at) => asCredentials(await machine.assumeRoleWithWebIdentity(call, at), at),
      ),
    getScopedCredentials: (call) =>
      receive(intake, arrival("GetScopedCredentials", call), (at) => {
        const caller = machine.authenticate(call.keys, at.now);
        return asCredentials(machine.getScopedCredentials(caller, call, at), at);
      }),
    getCallerIdentity: (call) =>
      receive(
        intake,
        arrival("GetCallerIdentity", call),
        (at) => machine.getCallerIdentity(machine.authenticate(call.keys, at.now)),
      ),
  };
}

function arrival(
  operation: string,
  call: Partial<EmulatorCaller> & {
    readonly roleArn?: string | undefined;
    readonly mfa?: MfaInput | undefined;
  } & SentSession,
) {
  const { policy, policyArns, tags, transitiveTagKeys, sourceIdentity, description } = call;
  return {
    session: { policy, policyArns, tags, transitiveTagKeys, sourceIdentity, description },
    operation,
    accessKeyId: call.keys?.accessKeyId ?? "",
    roleArn: call.roleArn,
    serial: call.mfa?.serial,
    signal: call.signal,
  };
}

function asCredentials({ keys, expiration }: Issued, { now }: Circumstances): Credentials {
  return new Credentials({
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    StartTime: new Date(now),
    Expiration: new Date(expiration),
  });
}
