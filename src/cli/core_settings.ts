/**
 * What the options of the command line are for a `StsCore`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { StsCoreOptions } from "../session/core_options.ts";
import type { System } from "../system.ts";
import type { ParsedArguments } from "./parse/arguments.ts";

/**
 * The settings that options stand for.
 *
 * @throws {UsageError} where one of them is no number
 */
export function coreSettings(given: ParsedArguments): StsCoreOptions {
  return {
    configFile: given.text("config-file"),
    credentialsFile: given.text("credentials-file"),
    region: given.text("region"),
    endpointUrl: given.text("endpoint-url"),
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
 * Whether roles are shared with the AWS CLI; undefined where it is the profiles that say so. `--no-cache` keeps away from
 * every cache on disk, the AWS CLI's included.
 */
export function sharesAwsCache(given: ParsedArguments): boolean | undefined {
  if (given.takenBack("cache")) return false;
  return given.flag("share-aws-cache") ? true : undefined;
}

/** What names a profile. */
export interface ProfileContext {
  readonly arguments: ParsedArguments;
  readonly system: Pick<System, "env">;
}

/** The profile of `--profile`, else the one that the environment names. */
export function namedProfile({ arguments: given, system }: ProfileContext): string | undefined {
  return given.text("profile") ?? system.env.get("AWS_PROFILE") ??
    system.env.get("AWS_DEFAULT_PROFILE");
}

/**
 * The profile that {@linkcode namedProfile} finds.
 *
 * @throws {UsageError} where none is named
 */
export function wantedProfile(context: ProfileContext): string {
  const name = namedProfile(context);
  if (name !== undefined) return name;
  throw new UsageError("No profile named: wanted --profile", {
    hint: "'stsaval profiles' lists what is known",
  });
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
