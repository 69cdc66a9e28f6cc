/**
 * A plan as a human-readable tree.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { sourceName } from "../plan.ts";
import type { PlanDescription, StepDescription } from "./plan_description.ts";
import { inPlain, type Paint } from "./style.ts";
import { visible } from "./table.ts";

/**
 * The steps of a plan, each with its reason:
 *
 * ```text
 * prod
 * ├─ keys of profile "base" (…MPLE)
 * │    because …
 * └─ AssumeRole arn:aws:iam::123456789012:role/Prod for 1h
 *      because …
 * ```
 */
export function formatPlanTree(
  { profile, steps, notices }: PlanDescription,
  paint: Paint = inPlain,
): string {
  const lines = steps.flatMap((step, index) => {
    const last = index === steps.length - 1;
    const [first = "", ...rest] = stepLines(step).map(visible);
    return [
      `${paint("dim", last ? "└─" : "├─")} ${first}`,
      ...rest.map((line) => paint("dim", `${last ? " " : "│"}    ${line}`)),
    ];
  });
  const notes = notices.map((notice) => `${paint("warning", "note:")} ${visible(notice)}`);
  return [paint("accent", visible(profile)), ...lines, ...notes].map((line) => `${line}\n`).join(
    "",
  );
}

function stepLines(step: StepDescription): string[] {
  const because = `because ${step.reason}`;
  switch (step.kind) {
    case "static-keys":
      return [`keys of profile "${step.profile}" (${step.accessKey})`, because];
    case "environment":
      return [`keys of the environment (${step.accessKey})`, because];
    case "get-session-token":
      return [`GetSessionToken ${terms(step)}`, because, place(step)];
    case "assume-role":
      return [
        `AssumeRole ${step.roleArn} ${terms(step)}`,
        ...[because, sessionName(step), ...parameters(step), place(step)],
      ];
    case "get-scoped-credentials":
      return [
        `GetScopedCredentials ${life(step)}`,
        ...[because, ...parameters(step), place(step)],
      ];
    default:
      return [
        `${sourceName({ source: step.kind, profile: step.profile ?? "" })}: ${step.detail}`,
        because,
        ...parameters(step),
      ];
  }
}

/** How long a scoped copy lives. */
function life({ durationSeconds }: StepDescription): string {
  return durationSeconds === undefined
    ? "for as long as the session lives that is copied"
    : `for ${formatDuration(durationSeconds)}`;
}

/** What is sent about the session, one line each. */
function parameters(
  { policy, policyArns = [], tags = [], transitiveTagKeys = [], ...rest }: StepDescription,
): string[] {
  const { sourceIdentity, description } = rest;
  const keys = new Set(transitiveTagKeys.map((key) => key.toLowerCase()));
  return [
    ...(policy === undefined ? [] : [`policy ${oneLine(policy)}`]),
    ...policyArns.map((arn) => `policy ${arn}`),
    ...tags.map(({ key, value }) =>
      `tag ${key}=${value}${keys.has(key.toLowerCase()) ? ", kept by later roles" : ""}`
    ),
    ...(sourceIdentity === undefined ? [] : [`source identity ${sourceIdentity}`]),
    ...(description === undefined ? [] : [`description ${oneLine(description)}`]),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, " ");
}

function terms({ durationSeconds = 0, mfaSerial, mfaStore }: StepDescription): string {
  const code = mfaSerial === undefined ? "" : ` with the MFA code of ${mfaSerial}`;
  const seed = mfaStore === undefined ? "" : `, from the seed that is kept for "${mfaStore}"`;
  return `for ${formatDuration(durationSeconds)}${code}${seed}`;
}

function sessionName({ roleSessionName, externalId }: StepDescription): string {
  const external = externalId === undefined ? "" : `, external id ${externalId}`;
  return `session name ${roleSessionName}${external}`;
}

function place({ endpoint, region }: StepDescription): string {
  return `at ${endpoint} (${region})`;
}
