/**
 * What the profiles of a command line may rest on, and whether any of it is named at all. What any other profile says
 * opens nothing.
 *
 * @module
 */

import { type Profile, settingNames } from "../../config/profile.ts";
import type { SourceStep } from "../../plan.ts";
import type { Source } from "../../source/source.ts";
import type { CommandLine, Environment, Files, Terminal } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

/** The settings that open something. */
const settings: readonly string[] = [
  ...[settingNames.ssoSession, settingNames.ssoStartUrl, settingNames.ssoAccountId],
  ...[settingNames.ssoRegion, settingNames.ssoRoleName, settingNames.loginSession],
  ...[settingNames.credentialProcess, settingNames.webIdentityTokenFile],
  ...[settingNames.credentialSource, settingNames.mfaProcess],
  ...[settingNames.caBundle, settingNames.shareAwsCache, settingNames.sealedKeys],
  ...[settingNames.sealCache, settingNames.mfaStore],
  settingNames.webIdentityTokenProcess,
  // The name of the other one ends with it.
  settingNames.policy,
];

/** The variables of sources that the environment can name, and for which files are read. */
const variables: readonly string[] = [
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/** Whether a configuration or the environment may open anything; without such a setting, nothing has to be resolved. */
export function mayNameSource(text: string, env: Environment): boolean {
  const lower = text.toLowerCase();
  return settings.some((setting) => lower.includes(setting)) ||
    variables.some((name) => env.get(name) !== undefined);
}

/** What the profiles of a command line rest on. */
export interface NamedSources {
  /** The steps of their plans that fetch base credentials. */
  readonly sourceSteps: readonly SourceStep[];
  /** The kinds of sign-ins that are meant without a plan. */
  readonly sources: ReadonlySet<Source>;
  /** What the sections of sign-ins call that are meant without a profile. */
  readonly sectionUrls: readonly string[];
  /** The programs of their plans, each once. */
  readonly programs: readonly CommandLine[];
  /** The commands for MFA codes, as they are written. */
  readonly mfaCommands: readonly string[];
  /** The files of certificates. */
  readonly caBundles: readonly string[];
  /** Whether any role is shared with the AWS CLI. */
  readonly sharesAwsCache: boolean;
  /** Whether the session cache is to be sealed. */
  readonly sealsCache: boolean;
  /** The user profiles whose kept seeds make codes. */
  readonly seedProfiles: readonly string[];
  /** The profiles whose policies are read. */
  readonly narrowedBy: readonly Profile[];
}

/** Nothing. */
export const noSources: NamedSources = {
  sources: new Set(),
  ...{
    sourceSteps: [],
    sectionUrls: [],
    programs: [],
    mfaCommands: [],
    caBundles: [],
    sharesAwsCache: false,
    sealsCache: false,
    seedProfiles: [],
    narrowedBy: [],
  },
};

/** The ports of resolving it. */
export interface NamingPorts {
  readonly env: Environment;
  readonly files: Pick<Files, "readText">;
  readonly terminal: Pick<Terminal, "canAsk">;
}

/** The files of the policies of these profiles, and of those that are typed. What knows them is loaded where there are any. */
export async function policyFilesOf(
  profiles: readonly Profile[],
  given: ParsedArguments,
  env: Environment,
): Promise<readonly string[]> {
  if (profiles.length === 0 && (given.text("policy") ?? given.text("scope")) === undefined) {
    return [];
  }
  const { policyFiles } = await import("./policy_files.ts");
  return policyFiles(profiles, given, env);
}
