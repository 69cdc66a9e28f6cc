/**
 * A plan for display: plain data, without secrets, with resolved endpoints.
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
  sourceName,
} from "../plan.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";

/** One step of a plan. Which of the optional fields it has depends on its kind. */
export interface StepDescription {
  /** What is done: "static-keys", "environment", "get-session-token", "assume-role", or an unsupported source. */
  readonly kind: string;
  /** Why. */
  readonly reason: string;
  /** The profile that the step belongs to. */
  readonly profile?: string;
  /** The last four characters of the access key id. */
  readonly accessKey?: string;
  /** The setting behind credentials that stsaval does not fetch. */
  readonly detail?: string;
  /** The role that is assumed. */
  readonly roleArn?: string;
  /** The name of its session. */
  readonly roleSessionName?: string;
  /** The external id that is sent with the call. */
  readonly externalId?: string;
  /** The MFA device whose code is sent with the call. */
  readonly mfaSerial?: string;
  /** The requested duration, in seconds. */
  readonly durationSeconds?: number;
  /** The URL of the call. */
  readonly endpoint?: string;
  /** The region that the call is signed for. */
  readonly region?: string;
}

/** How the credentials of a profile are obtained. */
export interface PlanDescription {
  /** The profile. */
  readonly profile: string;
  /** The steps, in execution order. */
  readonly steps: readonly StepDescription[];
  /** Notices about this plan. */
  readonly notices: readonly string[];
}

/**
 * The plan without secrets.
 *
 * @throws {UsageError} when the endpoint settings contradict each other
 */
export function describePlan(plan: CredentialPlan): PlanDescription {
  return {
    profile: plan.profile,
    steps: planSteps(plan).map((step) =>
      step === plan.session && plan.sessionReason !== undefined
        ? describeStep({ ...step, reason: plan.sessionReason })
        : describeStep(step)
    ),
    notices: [...plan.notices, ...foreignNotices(plan)],
  };
}

function foreignNotices({ base }: CredentialPlan): readonly string[] {
  if (isKeysStep(base) || !base.onlyNamed) return [];
  return [`stsaval does not fetch ${sourceName(base)}, so it cannot execute this plan`];
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
      // An explicit list of fields, so that a new one is not exposed by accident; mfa_process may hold a secret.
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
