/**
 * Whether a plan wants the session cache sealed.
 *
 * @module
 */

import { type CredentialPlan, sharesAwsCache } from "../../plan.ts";
import { failProblems, failProfile, settingAt } from "./problem.ts";
import { type Profile, settingNames } from "../profile.ts";
import type { PlanRequest } from "./request.ts";

/**
 * True if the request or any of the profiles says so, false if one of them says that it should not be, undefined where
 * none says anything.
 *
 * @throws {ProfileError} when what one of them says is neither true nor false
 */
export function wantsSealedCache(
  asked: string,
  profiles: readonly Profile[],
  request: Pick<PlanRequest, "sealCache">,
): boolean | undefined {
  failProblems(asked, profiles.map((profile) => [profile, ["sealCache"]] as const));
  if (request.sealCache !== undefined) return request.sealCache;
  const said = profiles.map(({ sealCache }) => sealCache);
  return said.includes(true) || (said.includes(false) ? false : undefined);
}

/**
 * The AWS CLI reads no sealed file: what is shared with it would stand beside the sealed cache in the clear.
 *
 * @throws {ProfileError} where a plan wants both
 */
export function checkNotShared(
  plan: Pick<CredentialPlan, "profile" | "base" | "roles" | "sealCache">,
  profiles: readonly Profile[],
): void {
  if (plan.sealCache !== true || !sharesAwsCache(plan)) return;
  const [sealing, sharing] = (["sealCache", "shareAwsCache"] as const).map((field) =>
    profiles.find((profile) => profile[field] === true)
  );
  const seal = sealing === undefined ? "--seal-cache was given" : settingAt(sealing, "sealCache");
  const share = sharing === undefined ? "the AWS CLI's cache" : settingAt(sharing, "shareAwsCache");
  failProfile(
    plan.profile,
    `its cache cannot be sealed and shared with the AWS CLI, which reads no sealed file: ${seal}, ${share}`,
    `remove ${settingNames.sealCache} or ${settingNames.shareAwsCache}`,
  );
}
