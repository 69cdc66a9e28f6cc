/**
 * What the options of a `StsCore` and of one request mean for plans.
 *
 * @module
 */

import { definedFields } from "../config/fields.ts";
import { checkLifetime } from "../config/limits.ts";
import type { ConfigOptions } from "../config/load.ts";
import type { PlanRequest } from "../config/plan/request.ts";
import { parseDuration } from "../duration.ts";
import { UsageError } from "../errors.ts";
import type { CredentialPlan } from "../plan.ts";
import { sources } from "../source/sources.ts";
import type { SessionTokenOptions, StsCoreOptions } from "./core_options.ts";

type Lifetime = Pick<SessionTokenOptions, "lifetime">;

/** One set and nothing in the background, unless more is asked for. */
const defaultLifetimeSeconds = 3_600;

/** The files that are read. */
export function configOptions(
  { configFile, credentialsFile }: Pick<StsCoreOptions, "configFile" | "credentialsFile">,
): ConfigOptions {
  return definedFields<ConfigOptions>({ kinds: sources, configFile, credentialsFile });
}

/** What stands before the files and the environment. */
export function planRequest(options: StsCoreOptions, wanted: Lifetime): PlanRequest {
  const { profileName, region, endpointUrl, mfaSerial, shareAwsCache } = options;
  return definedFields<PlanRequest>({
    lifetimeSeconds: wanted.lifetime === undefined ? undefined : lifetimeSeconds(wanted),
    region,
    endpointUrl,
    mfaSerial,
    sourceProfile: profileName,
    shareAwsCache,
  });
}

/** The lifetime that is asked for, in seconds; may be infinite. @throws {UsageError} where AWS gives none so long */
export function lifetimeSeconds({ lifetime }: Lifetime): number {
  const seconds = lifetime === undefined ? defaultLifetimeSeconds : parseDuration(lifetime);
  return seconds === Infinity ? seconds : checkLifetime(seconds);
}

/**
 * What rests on an MFA code ends with the session token; only plans without one can go on for ever.
 *
 * @throws {UsageError} naming a profile that cannot
 */
export function checkAgainstMfa(plans: readonly CredentialPlan[], lifetime: number): void {
  const bound = plans.find((plan) => plan.session?.mfaSerial !== undefined);
  if (lifetime !== Infinity || bound === undefined) return;
  throw new UsageError(
    `Cannot keep profile "${bound.profile}" fresh for ever: it needs an MFA code, and a session token lives ` +
      "36 hours at most",
    { hint: "give a lifetime of up to 36 hours" },
  );
}
