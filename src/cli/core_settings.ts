/**
 * Maps the options of the command line to the settings of a `StsCore`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { StsCoreOptions } from "../session/core_options.ts";
import type { System } from "../system.ts";
import type { ParsedArguments } from "./parse/arguments.ts";

/**
 * The settings for these options.
 *
 * @throws {UsageError} if one of them is not a number
 */
export function coreSettings(given: ParsedArguments): StsCoreOptions {
  return {
    configFile: given.text("config-file"),
    credentialsFile: given.text("credentials-file"),
    region: given.text("region"),
    endpointUrl: given.text("endpoint-url"),
    allowHttp: given.flag("allow-http"),
    mfaSerial: given.text("mfa-serial"),
    timeoutMs: milliseconds(given.wholeNumber("timeout")),
    maxAttempts: given.wholeNumber("max-attempts"),
    concurrency: given.wholeNumber("concurrency"),
    cache: given.flag("cache") ? "disk" : "memory",
    shareAwsCache: sharesAwsCache(given),
    lockTimeoutMs: milliseconds(given.wholeNumber("lock-timeout")),
  };
}

/**
 * Whether roles are shared with the AWS CLI; undefined leaves it to the profiles. `--no-cache` turns off every cache on
 * disk, the AWS CLI's included.
 */
export function sharesAwsCache(given: ParsedArguments): boolean | undefined {
  if (given.isNegated("cache")) return false;
  return given.flag("share-aws-cache") ? true : undefined;
}

/** Where a profile's name comes from. */
export interface ProfileContext {
  readonly arguments: ParsedArguments;
  readonly system: Pick<System, "env">;
}

/** The profile of `--profile`, else that of the environment. */
export function namedProfile({ arguments: given, system }: ProfileContext): string | undefined {
  return given.text("profile") ?? system.env.get("AWS_PROFILE") ??
    system.env.get("AWS_DEFAULT_PROFILE");
}

/**
 * The profile that {@linkcode namedProfile} returns.
 *
 * @throws {UsageError} if none is given
 */
export function wantedProfile(context: ProfileContext): string {
  const name = namedProfile(context);
  if (name !== undefined) return name;
  throw new UsageError("No profile given: wanted --profile", {
    hint: "'stsaval profiles' lists the known profiles",
  });
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
