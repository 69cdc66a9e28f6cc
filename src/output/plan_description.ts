/**
 * A plan for programs and people: plain data, without secrets, every endpoint worked out.
 *
 * @module
 */

import { keyTail } from "../credentials.ts";
import {
  type CredentialPlan,
  type EndpointSettings,
  isKeysStep,
  type PlanStep,
  planSteps,
  type RoleStep,
} from "../plan.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";

/** One step of a plan. Which of the optional fields it has depends on its kind. */
export interface StepDescription {
  /** What is done: "static-keys", "environment", "get-session-token", "assume-role", or a kind that is only named. */
  readonly kind: string;
  /** Why. */
  readonly reason: string;
  /** The profile that the step belongs to. */
  readonly profile?: string;
  /** The last four characters of the access key id. */
  readonly accessKey?: string;
  /** What the profile says of keys that stsaval does not fetch. */
  readonly detail?: string;
  /** The role that is assumed. */
  readonly roleArn?: string;
  /** The name of its session. */
  readonly roleSessionName?: string;
  /** The external id that goes with the call. */
  readonly externalId?: string;
  /** The MFA device whose code goes with the call. */
  readonly mfaSerial?: string;
  /** The duration asked for, in seconds. */
  readonly durationSeconds?: number;
  /** The URL of the call. */
  readonly endpoint?: string;
  /** The region that the call is signed for. */
  readonly region?: string;
}

/** How the credentials of a profile come about. */
export interface PlanDescription {
  /** The profile. */
  readonly profile: string;
  /** The steps, in the order in which they are taken. */
  readonly steps: readonly StepDescription[];
  /** What the user should know of this plan. */
  readonly notices: readonly string[];
}

/**
 * The plan without anything secret.
 *
 * @throws {UsageError} when the endpoint settings contradict each other
 */
export function describePlan(plan: CredentialPlan): PlanDescription {
  return {
    profile: plan.profile,
    steps: planSteps(plan).map(describeStep),
    notices: [...plan.notices, ...foreignNotices(plan)],
  };
}

function foreignNotices({ base }: CredentialPlan): readonly string[] {
  if (isKeysStep(base) || !base.onlyNamed) return [];
  const { source, profile } = base;
  return [`stsaval does not fetch ${source} of profile "${profile}", so it cannot carry this out`];
}

function describeStep(step: PlanStep): StepDescription {
  switch (step.kind) {
    case "static-keys":
    case "environment": {
      const { kind, profile, keys, reason } = step;
      return { kind, profile, accessKey: keyTail(keys.accessKeyId), reason };
    }
    case "get-session-token":
    case "assume-role": {
      // Named one by one, so that nothing is told that nobody has looked at; mfa_process may hold a secret.
      const { kind, mfaSerial, durationSeconds, endpoint, reason } = step;
      const role = step.kind === "assume-role" ? describeRole(step) : {};
      const mfa = mfaSerial === undefined ? {} : { mfaSerial };
      return { kind, ...role, ...mfa, durationSeconds, ...describeEndpoint(endpoint), reason };
    }
    case "source": {
      const { source, profile, detail, reason } = step;
      return { kind: source, profile, detail, reason };
    }
  }
}

function describeRole(
  { profile, roleArn, roleSessionName, externalId }: RoleStep,
): Partial<StepDescription> {
  const external = externalId === undefined ? {} : { externalId };
  return { profile, roleArn, roleSessionName, ...external };
}

function describeEndpoint(settings: EndpointSettings): { endpoint: string; region: string } {
  const { url, signingRegion } = resolveEndpoint(settings);
  return { endpoint: url, region: signingRegion };
}
