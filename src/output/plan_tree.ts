/**
 * A plan for people, as a tree, and for programs, as plain data without secrets.
 *
 * @module
 */

import { keyTail } from "../credentials.ts";
import { formatDuration } from "../duration.ts";
import { type CredentialPlan, type EndpointSettings, type PlanStep, planSteps } from "../plan.ts";
import { resolveEndpoint } from "../sts/endpoint.ts";
import { visible } from "./table.ts";

/** One step as `explain` shows it. */
export interface StepDescription {
  readonly kind: PlanStep["kind"];
  readonly reason: string;
  readonly [detail: string]: string | number;
}

/** A plan as `explain --format json` shows it. */
export interface PlanDescription {
  readonly profile: string;
  readonly steps: readonly StepDescription[];
  readonly notices: readonly string[];
}

/** The plan without anything secret; the host of every call is worked out. */
export function describePlan(plan: CredentialPlan): PlanDescription {
  return {
    profile: plan.profile,
    steps: planSteps(plan).map(describeStep),
    notices: plan.notices,
  };
}

function describeStep(step: PlanStep): StepDescription {
  switch (step.kind) {
    case "static-keys":
    case "environment":
      return {
        kind: step.kind,
        profile: step.profile,
        accessKey: keyTail(step.keys.accessKeyId),
        reason: step.reason,
      };
    case "get-session-token":
    case "assume-role": {
      const { kind, reason, endpoint, mfaProcess: _mayHoldASecret, ...details } = step;
      return { kind, ...details, ...describeEndpoint(endpoint), reason };
    }
    default: {
      const { kind, reason, ...details } = step;
      return { kind, ...details, reason };
    }
  }
}

function describeEndpoint(settings: EndpointSettings) {
  const { url, signingRegion } = resolveEndpoint(settings);
  return { endpoint: url, region: signingRegion };
}

/**
 * ```text
 * DynamoDBRole-dev
 * ├─ keys of profile "IAM_USER1" (…ABCD)
 * │    because …
 * └─ AssumeRole …
 * ```
 */
export function formatPlanTree(plan: CredentialPlan): string {
  const steps = planSteps(plan);
  const lines = steps.flatMap((step, index) => {
    const last = index === steps.length - 1;
    const [first = "", ...rest] = stepLines(step);
    return [
      `${last ? "└─" : "├─"} ${first}`,
      ...rest.map((line) => `${last ? " " : "│"}    ${line}`),
    ];
  });
  const notes = plan.notices.map((notice) => `note: ${notice}`);
  return [plan.profile, ...lines, ...notes].map((line) => `${visible(line)}\n`).join("");
}

function stepLines(step: PlanStep): string[] {
  const because = `because ${step.reason}`;
  switch (step.kind) {
    case "static-keys":
      return [`keys of profile "${step.profile}" (${keyTail(step.keys.accessKeyId)})`, because];
    case "environment":
      return [`keys of the environment (${keyTail(step.keys.accessKeyId)})`, because];
    case "get-session-token":
      return [
        `GetSessionToken for ${formatDuration(step.durationSeconds)}${mfaText(step.mfaSerial)}`,
        because,
        endpointText(step.endpoint),
      ];
    case "assume-role":
      return [
        `AssumeRole ${step.roleArn} for ${formatDuration(step.durationSeconds)}${
          mfaText(step.mfaSerial)
        }`,
        because,
        `session name ${step.roleSessionName}` +
        (step.externalId === undefined ? "" : `, external id ${step.externalId}`),
        endpointText(step.endpoint),
      ];
    default:
      return [`${step.kind} of profile "${step.profile}": ${step.detail}`, because];
  }
}

function mfaText(serial: string | undefined): string {
  return serial === undefined ? "" : ` with the MFA code of ${serial}`;
}

function endpointText(settings: EndpointSettings): string {
  const { url, signingRegion } = resolveEndpoint(settings);
  return `at ${url} (${signingRegion})`;
}
