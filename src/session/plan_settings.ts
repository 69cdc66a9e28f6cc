/**
 * Maps the options of `StsCore` and of one request to plan settings.
 *
 * @module
 */

import { definedFields } from "../config/fields.ts";
import { checkLifetime } from "../config/limits.ts";
import type { GithubJob } from "../config/base_kind.ts";
import type { ConfigOptions } from "../config/load.ts";
import type { PlanRequest } from "../config/plan/request.ts";
import { parseDuration } from "../duration.ts";
import { UsageError } from "../errors.ts";
import type { CredentialPlan } from "../plan.ts";
import { sources } from "../source/sources.ts";
import { tokenVariable, urlVariable } from "../source/web_identity/github_names.ts";
import type { Environment } from "../system.ts";
import type { CredentialsOptions, StsCoreOptions } from "./core_options.ts";
import { type NarrowingOptions, narrowingRequest } from "./scope/narrowing_options.ts";

type Lifetime = Pick<CredentialsOptions, "lifetime" | "defaultLifetime">;

/** What one request says. */
type Wanted = Lifetime & NarrowingOptions;

/** The default duration of a session token, if no lifetime is given. */
const defaultLifetimeSeconds = 3_600;

/** The files to read. */
export function configOptions(
  { configFile, credentialsFile }: Pick<StsCoreOptions, "configFile" | "credentialsFile">,
): ConfigOptions {
  return definedFields<ConfigOptions>({ kinds: sources, configFile, credentialsFile });
}

/** The settings that override the files and the environment. */
export function planRequest(
  options: StsCoreOptions,
  wanted: Wanted,
  env: Environment,
): PlanRequest {
  const { profileName, region, endpointUrl, allowHttp, mfaSerial, shareAwsCache } = options;
  const { sealCache } = options;
  return definedFields<PlanRequest>({
    lifetimeSeconds: givenLifetime(wanted) === undefined ? undefined : lifetimeSeconds(wanted),
    lifetimeIsDefault: wanted.lifetime === undefined ? true : undefined,
    region,
    endpointUrl,
    allowHttp: allowHttp === true ? true : undefined,
    mfaSerial,
    sourceProfile: profileName,
    github: githubJob(options, env),
    shareAwsCache,
    sealCache,
    narrowing: narrowingRequest(options, wanted),
  });
}

/** The audience that AWS's own action for GitHub asks for, and the AWS guides name. */
const usualAudience = "sts.amazonaws.com";

/** The variables are read only where they are wanted. */
function githubJob(
  { githubOidc = false }: StsCoreOptions,
  env: Environment,
): GithubJob | undefined {
  if (githubOidc === false) return undefined;
  return {
    audience: githubOidc === true ? usualAudience : githubOidc.audience,
    url: env.get(urlVariable),
    hasRequestToken: env.get(tokenVariable) !== undefined,
  };
}

/** The requested lifetime in seconds; may be infinite. @throws {UsageError} when AWS does not allow it */
export function lifetimeSeconds(wanted: Lifetime): number {
  const lifetime = givenLifetime(wanted);
  const seconds = lifetime === undefined ? defaultLifetimeSeconds : parseDuration(lifetime);
  return seconds === Infinity ? seconds : checkLifetime(seconds);
}

function givenLifetime({ lifetime, defaultLifetime }: Lifetime): number | string | undefined {
  return lifetime ?? defaultLifetime;
}

/**
 * Credentials that depend on an MFA code end with the session token; only plans without one can be renewed forever.
 *
 * @throws {UsageError} naming a profile that cannot
 */
export function checkAgainstMfa(plans: readonly CredentialPlan[], lifetime: number): void {
  const bound = plans.find((plan) => plan.session?.mfaSerial !== undefined);
  if (lifetime !== Infinity || bound === undefined) return;
  throw new UsageError(
    `Cannot keep profile "${bound.profile}" fresh forever: it needs an MFA code, and a session token lives ` +
      "36 hours at most",
    { hint: "give a lifetime of up to 36 hours" },
  );
}
