/**
 * The options that several commands share.
 *
 * @module
 */

import type { CommandOption } from "./command.ts";

/** Taken by every command. */
export const globalOptions: readonly CommandOption[] = [
  { name: "verbose", short: "v", summary: "Log what is done, on standard error" },
  { name: "quiet", short: "q", summary: "Log nothing but errors" },
  {
    name: "log-format",
    value: "FORMAT",
    choices: ["text", "json"],
    summary: "How to log: text (default) or json",
  },
  { name: "json", summary: "Results and errors as JSON" },
  { name: "help", short: "h", summary: "Show this help" },
];

/** Which profiles credentials are wanted of. */
export const profilesOptions: readonly CommandOption[] = [
  {
    name: "profiles",
    value: "A,B",
    repeatable: true,
    summary: "The profiles; may be repeated; - reads one name a line from standard input",
  },
  { name: "all", summary: "Every profile that has a role" },
];

/** Which files are read. */
export const fileOptions: readonly CommandOption[] = [
  { name: "config-file", value: "FILE", summary: "Read FILE in place of ~/.aws/config" },
  { name: "credentials-file", value: "FILE", summary: "Read FILE in place of ~/.aws/credentials" },
  {
    name: "role-file",
    value: "FILE",
    repeatable: true,
    summary: "Also use the role definitions in FILE (see 'stsaval help refactor')",
  },
];

/** Where STS is, and how patiently it is called. */
export const stsOptions: readonly CommandOption[] = [
  { name: "region", value: "REGION", summary: "The region of the STS endpoint" },
  {
    name: "endpoint-url",
    value: "URL",
    summary: "The STS endpoint, before any that is configured",
  },
  {
    name: "timeout",
    value: "SECONDS",
    summary: "Give up one attempt of a call after SECONDS (10)",
  },
  { name: "max-attempts", value: "N", summary: "Try a call N times in all (3)" },
];

/** Which device, which code. */
export const codeOptions: readonly CommandOption[] = [
  {
    name: "mfa-code",
    value: "CODE",
    summary: "The six digits; - reads them from standard input; without it you are asked",
  },
  {
    name: "mfa-command",
    value: "COMMAND",
    summary: "A command that prints the six digits; run without a shell",
  },
  { name: "mfa-serial", value: "ARN", summary: "The MFA device, in place of the profile's" },
];

/** Which user, which device, which code. */
export const mfaOptions: readonly CommandOption[] = [
  { name: "profile", value: "NAME", summary: "The profile of the IAM user (default: AWS_PROFILE)" },
  ...codeOptions,
];

/** Whose credentials a command wants that works with one profile. In other commands it names the IAM user. */
export const oneProfileOption: CommandOption = {
  name: "profile",
  value: "NAME",
  summary: "Whose credentials are wanted, a role's or a user's (default: AWS_PROFILE)",
};

/** Where STS is, for commands that give the region to others too. */
export const sharedRegionOptions: readonly CommandOption[] = stsOptions.map((option) =>
  option.name === "region"
    ? { ...option, summary: "The region, for STS and in the variables (default: the profile's)" }
    : option
);

/** What is shared with other processes. */
export const cacheOptions: readonly CommandOption[] = [
  { name: "cache", negated: true, summary: "Keep nothing on disk, and look at nothing kept there" },
  {
    name: "share-aws-cache",
    summary: "Share roles with the AWS CLI, in its own cache (~/.aws/cli/cache)",
  },
  {
    name: "lock-timeout",
    value: "SECONDS",
    summary: "Wait SECONDS for another process that asks for the same code (120)",
  },
];

/** How long it should work. */
export const lifetimeOption: CommandOption = {
  name: "lifetime",
  value: "DURATION",
  summary: "Hours, or text such as 90m; 15m to 36h (1h)",
};
