/**
 * Tells what is odd about the profiles that are used. What the files hold otherwise is for who asks to see more.
 *
 * @module
 */

import type { Config } from "../config/load.ts";
import { formatPlace } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { CredentialPlan } from "../plan.ts";

/** Logs what was read but does not count: as warnings where a plan, or a profile asked for, rests on it. */
export function logUsedWarnings(
  { warnings, environment }: Config,
  asked: readonly string[],
  plans: readonly CredentialPlan[],
  logger: Logger,
): void {
  const used = new Set([...asked, ...plans.flatMap(profilesOf)]);
  for (const { place, message, profile, byRule } of warnings) {
    const text = `load: ${formatPlace(place)}: ${message}`;
    if (profile !== undefined && used.has(profile) && !byRule) logger.warn(text);
    else logger.info(text);
  }
  const usesEnvironment = plans.some(({ base }) => base.kind === "environment");
  if (usesEnvironment && environment.sessionVariable === "AWS_SECURITY_TOKEN") {
    logger.warn("load: AWS_SECURITY_TOKEN is read as AWS_SESSION_TOKEN, its newer name");
  }
}

function profilesOf({ profile, base, roles }: CredentialPlan): readonly string[] {
  return [profile, base.profile, ...roles.map((role) => role.profile)];
}
