/**
 * What happens to every call, with or without HTTP: faults first, then the work, then an entry in the call log.
 *
 * @module
 */

import type { PlainClock } from "../../system.ts";
import { ConnectionDroppedError, EmulatorError, throttling } from "./error.ts";
import type { Fault, Faults } from "./faults.ts";
import type { CallLog, SentSession } from "./call_log.ts";

/** The circumstances of a call. */
export interface Circumstances {
  /** STS's time, in milliseconds since 1970. */
  readonly now: number;
  /** True if every MFA code is rejected. */
  readonly refuseCodes?: boolean;
  /** True if every AssumeRole is denied. */
  readonly forbid?: boolean;
}

/** The facts about a call when it arrives. */
export interface Arrival {
  readonly operation: string;
  readonly accessKeyId: string;
  readonly roleArn?: string | undefined;
  readonly serial?: string | undefined;
  readonly session?: SentSession | undefined;
  /** Aborts when the caller does. */
  readonly signal?: AbortSignal | undefined;
}

/** The parts of an emulator that see every call. */
export interface RequestIntake {
  readonly clock: PlainClock;
  readonly faults: Faults;
  readonly callLog: CallLog;
}

/**
 * Does the work of a call under the faults that hit it, and logs it.
 *
 * @throws {EmulatorError} when STS rejects the call
 * @throws {ConnectionDroppedError} when the response does not reach the caller
 */
export async function receive<Result>(
  intake: RequestIntake,
  arrival: Arrival,
  work: (at: Circumstances) => Result | Promise<Result>,
): Promise<Result> {
  const at = intake.clock.now();
  const { operation, accessKeyId, roleArn } = arrival;
  const fault = intake.faults.resolve({ operation, accessKeyId, roleArn, at });
  const result = carryOut(intake, arrival, fault, work);
  const outcome = await result.then(() => "ok", outcomeOf);
  intake.callLog.add(entry(arrival, at, outcome));
  if (fault.loseAnswer) throw new ConnectionDroppedError();
  return result;
}

async function carryOut<Result>(
  { clock }: RequestIntake,
  arrival: Arrival,
  fault: Fault,
  work: (at: Circumstances) => Result | Promise<Result>,
): Promise<Result> {
  if (fault.delayMs > 0) await clock.sleep(fault.delayMs, { signal: arrival.signal });
  if (fault.ending !== undefined) await end(fault.ending, arrival);
  const { refuseCodes, forbid, skewMs } = fault;
  return await work({ now: clock.now() + skewMs, refuseCodes, forbid });
}

async function end(effect: NonNullable<Fault["ending"]>, arrival: Arrival): Promise<never> {
  switch (effect.kind) {
    case "hang":
      return await untilAborted(arrival.signal);
    case "throttle":
      throw throttling();
    case "fail":
      throw new EmulatorError(effect.code, effect.status, effect.message ?? effect.code);
    case "drop":
      throw new ConnectionDroppedError();
  }
}

/** Only rejects, with the signal's reason, when it aborts. */
function untilAborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function outcomeOf(error: unknown): string {
  return error instanceof EmulatorError ? error.code : "dropped";
}

function entry(arrival: Arrival, at: number, outcome: string) {
  const { operation, accessKeyId, roleArn, serial, session = {} } = arrival;
  const sent = Object.entries(session).filter(([, value]) => value !== undefined);
  return {
    operation,
    at,
    accessKeyId,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(serial === undefined ? {} : { serial }),
    ...(sent.length === 0 ? {} : { session: Object.fromEntries(sent) }),
    outcome,
  };
}
