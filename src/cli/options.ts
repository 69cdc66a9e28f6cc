/**
 * The options that several commands share.
 *
 * @module
 */

import type { CommandOption } from "./command.ts";

/** The options of every command. */
export const globalOptions: readonly CommandOption[] = [
  { name: "verbose", short: "v", summary: "Log every step, on standard error" },
  { name: "quiet", short: "q", summary: "Log errors only" },
  {
    name: "log-format",
    value: "FORMAT",
    choices: ["text", "json"],
    summary: "Log format: text (default) or json",
  },
  { name: "json", summary: "Results and errors as JSON" },
  { name: "input", negated: true, summary: "Never prompt, as without a terminal" },
  { name: "help", short: "h", summary: "Show this help" },
];

/** The profiles of a command that takes several; the same as its operands. */
export const profilesOption: CommandOption = {
  name: "profiles",
  alias: "profile",
  short: "p",
  value: "A,B",
  repeatable: true,
  summary: "The same as PROFILE; \\, is a comma in a name; - reads names from standard input",
};

/** The profile of a command that takes one; the same as its operand. */
export const profileOption: CommandOption = {
  name: "profile",
  alias: "profiles",
  short: "p",
  value: "NAME",
  repeatable: true,
  summary: "The same as PROFILE, as is --profiles",
};

/** Which profiles to get credentials for. */
export const profilesOptions: readonly CommandOption[] = [
  profilesOption,
  { name: "all", summary: "Every profile that has a role" },
];

/** A role that no profile names, on top of the profile. */
export const roleOptions: readonly CommandOption[] = [
  {
    name: "role-arn",
    value: "ARN",
    repeatable: true,
    summary: "Assume this role with PROFILE; named as 123456789012-Deploy",
  },
  { name: "role-session-name", value: "NAME", summary: "The session name of --role-arn" },
  { name: "external-id", value: "ID", summary: "The external id of --role-arn" },
  {
    name: "duration-seconds",
    value: "N",
    summary: "How long --role-arn is assumed for; 900 to 43200 (3600)",
  },
];

/** What narrows and labels the credentials. */
export const narrowingOptions: readonly CommandOption[] = [
  {
    name: "scope",
    value: "SCOPE",
    summary: "Hand out a scoped copy: FILE, JSON or a name of 'stsaval scopes'",
  },
  {
    name: "scope-for",
    value: "DURATION",
    summary: "How long a scoped copy lives: 10m, 90s; from 1s",
  },
  {
    name: "scope-description",
    value: "TEXT",
    summary: "What CloudTrail says of the scoped copy",
  },
  {
    name: "policy",
    value: "POLICY",
    summary: "A policy for the role's session: FILE, JSON or a scope's name",
  },
  {
    name: "policy-arn",
    value: "ARN",
    repeatable: true,
    summary: "A managed policy for the role's session; up to 10",
  },
  {
    name: "tag",
    value: "TAG",
    repeatable: true,
    summary: "A tag KEY=VALUE of the role's session; up to 50",
  },
  {
    name: "source-identity",
    value: "NAME",
    summary: "Who is behind the role's session, for CloudTrail",
  },
];

/** Roles without a source in a job of GitHub Actions. */
export const githubOptions: readonly CommandOption[] = [
  {
    name: "github-oidc",
    summary: "In a GitHub job: its token is the source of roles without one",
  },
  {
    name: "github-audience",
    value: "NAME",
    summary: "The audience of that token (sts.amazonaws.com)",
  },
];

/** Which files to read. */
export const fileOptions: readonly CommandOption[] = [
  { name: "config-file", value: "FILE", summary: "Read FILE instead of ~/.aws/config" },
  { name: "credentials-file", value: "FILE", summary: "Read FILE instead of ~/.aws/credentials" },
  {
    name: "role-file",
    value: "FILE",
    repeatable: true,
    summary: "Also use the role definitions in FILE (see 'stsaval help refactor')",
  },
];

/** Which STS endpoint to call, and with which timeouts and retries. */
export const stsOptions: readonly CommandOption[] = [
  { name: "region", value: "REGION", summary: "The region of the STS endpoint" },
  {
    name: "endpoint-url",
    value: "URL",
    summary: "The STS endpoint; overrides the configured one",
  },
  {
    name: "allow-http",
    summary: "Allow plain http to another machine, readable by all in between",
  },
  {
    name: "timeout",
    value: "SECONDS",
    summary: "Time out each attempt of a call after SECONDS (10)",
  },
  { name: "max-attempts", value: "N", summary: "Try a call at most N times (3)" },
];

/** The MFA device and its code. */
export const codeOptions: readonly CommandOption[] = [
  {
    name: "mfa-code",
    value: "CODE",
    summary: "The six digits; - reads them from standard input; without it stsaval prompts",
  },
  {
    name: "mfa-command",
    value: "COMMAND",
    summary: "A command that prints the six digits; run without a shell",
  },
  { name: "mfa-serial", value: "ARN", summary: "The MFA device, instead of the profile's" },
];

/** Who assumes the roles, the MFA device and its code. */
export const mfaOptions: readonly CommandOption[] = [
  {
    name: "source-profile",
    value: "NAME",
    summary: "Who assumes the roles that name no source profile",
  },
  ...codeOptions,
];

/** The STS options, for commands that also pass the region on. */
export const sharedRegionOptions: readonly CommandOption[] = stsOptions.map((option) =>
  option.name === "region"
    ? { ...option, summary: "The region, for STS and in the variables (default: the profile's)" }
    : option
);

/** What to share with other processes. */
export const cacheOptions: readonly CommandOption[] = [
  { name: "cache", negated: true, summary: "Neither read nor write the cache on disk" },
  {
    name: "seal-cache",
    summary: "Seal the cache on disk, with a key that a keyring, keyctl or a passphrase keeps",
  },
  {
    name: "share-aws-cache",
    summary: "Share roles with the AWS CLI, in its own cache (~/.aws/cli/cache)",
  },
  {
    name: "lock-timeout",
    value: "SECONDS",
    summary: "Wait SECONDS for another process that prompts for the same code (120)",
  },
];

/** How long the session token should live. */
export const lifetimeOption: CommandOption = {
  name: "lifetime",
  value: "DURATION",
  summary: "The lifetime of the session token: hours, or 90m; 15m to 36h (what is left, or 1h)",
};
