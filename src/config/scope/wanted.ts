/**
 * Whether anything narrows or labels the sessions of plans. Most plans have nothing of the kind, and load nothing for it.
 *
 * @module
 */

import type { CredentialPlan } from "../../plan.ts";
import type { Config } from "../load.ts";
import type { PlanRequest } from "../plan/request.ts";
import type { Profile, ProfileField } from "../profile.ts";

/** The settings about the session of a role, which count for the role of their own profile. */
export const sessionFields = [
  ...["policy", "policyArns", "sessionTags", "transitiveSessionTags", "sourceIdentity"] as const,
] satisfies readonly ProfileField[];

/** Whether the profile sets any of the fields, be its value usable or not. */
export function setsAny(profile: Profile | undefined, fields: readonly ProfileField[]): boolean {
  return profile !== undefined && fields.some((field) => profile.places[field] !== undefined);
}

/** Whether the request, or a profile of one of the plans, asks for anything. */
export function wantsNarrowing(
  { profiles }: Pick<Config, "profiles">,
  plans: readonly CredentialPlan[],
  { narrowing = {} }: PlanRequest,
): boolean {
  if (Object.keys(narrowing).length > 0) return true;
  return plans.some(({ profile, base, roles }) =>
    setsAny(profiles.get(profile), ["scopePolicy", ...sessionFields]) ||
    [base, ...roles].some((step) => setsAny(profiles.get(step.profile), sessionFields))
  );
}
