/**
 * The step that gets a session token.
 *
 * @module
 */

import type { SessionStep } from "../../plan.ts";
import { chooseEndpoint } from "./endpoint_choice.ts";
import { definedFields } from "../fields.ts";
import { sessionSeconds } from "../limits.ts";
import type { Config } from "../load.ts";
import type { MfaChoice } from "./mfa_choice.ts";
import type { Profile } from "../profile.ts";
import type { PlanRequest } from "./request.ts";

/** The inputs of a session token step. */
export interface SessionSource {
  /** The profile that was asked for. */
  readonly asked: string;
  readonly mfa: MfaChoice | undefined;
  /** The reason, if there is no MFA device to name as the reason. */
  readonly reason: string;
  /** The profiles whose endpoint settings apply: the base profile first, then its roles. */
  readonly profiles: readonly Profile[];
}

const defaultSeconds = 3_600;

/** `sts:GetSessionToken` for this source. */
export function createSessionStep(
  { environment }: Config,
  request: PlanRequest,
  { asked, mfa, reason, profiles }: SessionSource,
): SessionStep {
  const { lifetimeSeconds, lifetimeIsDefault } = request;
  const { min, max } = sessionSeconds;
  const durationSeconds = Math.min(max, Math.max(min, lifetimeSeconds ?? defaultSeconds));
  const isRequired = lifetimeSeconds !== undefined && lifetimeSeconds !== Infinity &&
    lifetimeIsDefault !== true;
  const roleArn = profiles.find((profile) => profile.roleArn !== undefined)?.roleArn;
  const arn = mfa?.serial.startsWith("arn:") ? mfa.serial : roleArn;
  return definedFields<SessionStep>({
    kind: "get-session-token",
    mfaSerial: mfa?.serial,
    mfaProcess: mfa?.command,
    mfaStore: mfa?.store,
    durationSeconds,
    requiredSeconds: isRequired ? durationSeconds : undefined,
    endpoint: chooseEndpoint({ asked, request, environment, profiles, arn }),
    reason: mfa?.reason ?? reason,
  });
}
