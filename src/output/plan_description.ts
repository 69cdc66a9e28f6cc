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
  type ScopeStep,
  type SessionParameters,
  type SessionTag,
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
  /** The policy that is sent with the call, as JSON. */
  readonly policy?: string;
  /** ARNs of managed policies that are sent with the call. */
  readonly policyArns?: readonly string[];
  /** Tags that are sent with the call. */
  readonly tags?: readonly SessionTag[];
  /** The keys of tags that later roles keep. */
  readonly transitiveTagKeys?: readonly string[];
  /** The source identity that is sent with the call. */
  readonly sourceIdentity?: string;
  /** What CloudTrail says of a scoped copy. */
  readonly description?: string;
  /** The MFA device whose code is sent with the call. */
  readonly mfaSerial?: string;
  /** The user profile whose kept seed makes the code. */
  readonly mfaStore?: string;
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
      const { kind, mfaSerial, mfaStore, durationSeconds, endpoint, reason } = step;
      const role = step.kind === "assume-role" ? describeRole(step) : {};
      const mfa = defined({ mfaSerial, mfaStore });
      return { kind, ...role, ...mfa, durationSeconds, ...describeEndpoint(endpoint), reason };
    }
    case "get-scoped-credentials":
      return describeScope(step);
    case "source": {
      const { source, profile, detail, settings, reason } = step;
      return { kind: source, profile, detail, ...policiesOf(settings), reason };
    }
  }
}

function describeRole(
  { profile, roleArn, roleSessionName, externalId, parameters = {} }: RoleStep,
): Partial<StepDescription> {
  const external = externalId === undefined ? {} : { externalId };
  return { profile, roleArn, roleSessionName, ...external, ...describeParameters(parameters) };
}

function describeScope(
  { kind, profile, policy, durationSeconds, description, endpoint, reason }: ScopeStep,
): StepDescription {
  const sent = defined({ policy, durationSeconds, description });
  return { kind, profile, ...sent, ...describeEndpoint(endpoint), reason };
}

/** What is sent about the session, field by field. */
function describeParameters(
  { policy, policyArns, tags, transitiveTagKeys, sourceIdentity }: SessionParameters,
): Partial<StepDescription> {
  return defined({ policy, policyArns, tags, transitiveTagKeys, sourceIdentity });
}

/** The policies of a role that a source assumes by itself; of its other settings, `detail` says what may be said. */
function policiesOf(
  { policy, policyArns }: Readonly<Record<string, string>>,
): Partial<StepDescription> {
  return defined({
    policy,
    policyArns: policyArns === undefined ? undefined : JSON.parse(policyArns) as readonly string[], // written by the source
  });
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [Name in keyof T]?: NonNullable<T[Name]> };
}

function describeEndpoint(settings: EndpointSettings): { endpoint: string; region: string } {
  const { url, signingRegion } = resolveEndpoint(settings);
  return { endpoint: url, region: signingRegion };
}
