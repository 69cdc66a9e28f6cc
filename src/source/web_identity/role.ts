/**
 * The role that is assumed with a web identity token, as settings of a step.
 *
 * @module
 */

import type { Recognition } from "../../config/base_kind.ts";
import { definedFields } from "../../config/fields.ts";
import { chooseEndpoint } from "../../config/plan/endpoint_choice.ts";
import { failProblems } from "../../config/plan/problem.ts";
import { chooseSessionName } from "../../config/plan/session_name.ts";
import type { EndpointSettings, SessionPolicies, SourceStep } from "../../plan.ts";
import { resolveEndpoint } from "../../sts/endpoint.ts";

/** What AssumeRoleWithWebIdentity is sent beside the token. */
export interface WebIdentityRole extends SessionPolicies {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** Seconds; undefined leaves it to STS. */
  readonly durationSeconds?: number | undefined;
  readonly endpoint: EndpointSettings;
}

/**
 * The role of the profile; undefined if it names none.
 *
 * @throws {ProfileError} when a value breaks a rule of STS
 */
export function roleOf(
  { asked, profile, environment, request = {} }: Recognition,
): WebIdentityRole | undefined {
  const { roleArn, durationSeconds } = profile;
  if (roleArn === undefined) return undefined;
  failProblems(asked, [[profile, ["roleArn", "roleSessionName", "durationSeconds"]]]);
  return {
    ...{ roleArn, durationSeconds },
    roleSessionName: chooseSessionName(profile).name,
    endpoint: chooseEndpoint({
      ...{ asked, request, environment, profiles: [profile] },
      arn: roleArn,
    }),
  };
}

/** The role as a step keeps it: texts. */
export function roleSettings(
  { roleArn, roleSessionName, durationSeconds, endpoint }: WebIdentityRole,
): Readonly<Record<string, string | undefined>> {
  return {
    ...{ roleArn, roleSessionName },
    durationSeconds: durationSeconds?.toString(),
    endpoint: JSON.stringify(endpoint),
  };
}

/** The step with policies for the session of the role, which become part of what identifies it. */
export function withPolicies(
  step: SourceStep,
  { policy, policyArns }: SessionPolicies,
): SourceStep {
  const settings = definedFields<Record<string, string>>({
    policy,
    policyArns: policyArns && JSON.stringify(policyArns),
  });
  return { ...step, settings: { ...step.settings, ...settings } };
}

/** The role of a step. */
export function roleOfStep({ settings }: Pick<SourceStep, "settings">): WebIdentityRole {
  const { roleArn = "", roleSessionName = "", durationSeconds, endpoint = "{}" } = settings;
  const { policy, policyArns } = settings;
  return definedFields<WebIdentityRole>({
    ...{ roleArn, roleSessionName, policy },
    policyArns: policyArns === undefined ? undefined : JSON.parse(policyArns) as readonly string[], // written by withPolicies
    durationSeconds: durationSeconds === undefined ? undefined : Number(durationSeconds),
    endpoint: JSON.parse(endpoint) as EndpointSettings, // written by roleSettings
  });
}

/** The STS endpoint of a step. @throws {UsageError} when it cannot be used */
export function roleUrl(step: SourceStep): string {
  return resolveEndpoint(roleOfStep(step).endpoint).url;
}
