/**
 * The answer of `stsaval process` that may be kept for the script `stsaval-process`: credentials of the cache whose plan
 * rests on the two files of the configuration and nothing else.
 *
 * @module
 */

import type { Answer } from "../../cache/answers.ts";
import { createSessionCache } from "../../cache/cache.ts";
import type { CachePorts } from "../../cache/upkeep/parts.ts";
import { loadConfig } from "../../config/load.ts";
import { resolvePlans } from "../../config/plan/plan.ts";
import { wantsNarrowing } from "../../config/scope/wanted.ts";
import { endOf } from "../../credentials.ts";
import { silentLogger } from "../../logger.ts";
import { formatProcessLine } from "../../output/process.ts";
import { type CredentialPlan, sharesAwsCache } from "../../plan.ts";
import { freshForProgramsUntil } from "../../schedule.ts";
import { findCredentials } from "../cached_credentials.ts";
import { configOptions } from "../plan_settings.ts";

/**
 * The answer that `stsaval process` gives for the profile without a call. "never" where none may be kept, whatever is in
 * the cache: it rests on something else, or would come with a warning. Undefined where the cache has no fresh one.
 *
 * @throws {StsavalError} when the files are invalid
 */
export async function keptAnswer(
  ports: Omit<CachePorts, "logger">,
  profile: string,
): Promise<Answer | "never" | undefined> {
  const config = await loadConfig(ports, configOptions({}));
  const { plans: [plan], notices } = resolvePlans(config, [profile]);
  if (plan === undefined || notices.length > 0 || !restsOnFilesAlone(plan)) return "never";
  // A policy may be in a file that the script does not look at.
  if (wantsNarrowing(config, [plan], {})) return "never";
  let skew = 0;
  const cache = createSessionCache({
    ...ports,
    logger: silentLogger,
    onSkew: (ms) => skew = ms,
  });
  // An answer is a file in the clear.
  if (plan.sealCache === true || await cache?.isSealed()) return "never";
  const found = cache && await findCredentials(plan, cache);
  if (found === undefined) return undefined;
  const line = formatProcessLine(found).trimEnd();
  if (endOf(found) === undefined || !/^[\x20-\x7e]+$/.test(line)) return "never";
  // The script's clock goes in ticks, so that it may be late by a few milliseconds: it gets a second less.
  return { line, freshUntil: Math.floor((freshForProgramsUntil(found) - skew) / 1_000) - 1 };
}

/** The parts of a plan, and of a role, that are known to come from the configuration. What is added may rest on more. */
const planParts: ReadonlySet<string> = new Set([
  ...["profile", "base", "session", "sessionReason", "roles", "sealCache", "notices"],
]);
const roleSettings: ReadonlySet<string> = new Set([
  ...["kind", "profile", "roleArn", "roleSessionName", "externalId", "durationSeconds"],
  ...["mfaSerial", "mfaProcess", "mfaStore", "endpoint", "reason"],
]);

/** Whether nothing but the two files and the environment decides about the plan. */
export function restsOnFilesAlone(plan: CredentialPlan): boolean {
  const { base, roles, notices } = plan;
  return base.kind === "static-keys" && notices.length === 0 && !sharesAwsCache(plan) &&
    Object.keys(plan).every((name) => planParts.has(name)) &&
    roles.every((role) => Object.keys(role).every((name) => roleSettings.has(name)));
}
