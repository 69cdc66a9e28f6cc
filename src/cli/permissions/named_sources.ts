/**
 * Which sources of base credentials the profiles of a command line rest on: others are closed to it.
 *
 * @module
 */

import { addProfiles, type Config, loadConfig, loadRoleFile } from "../../config/load.ts";
import { chooseNames } from "../../config/names/choose.ts";
import { defaultProfile, roleNames } from "../../config/names/default.ts";
import { resolveChain } from "../../config/plan/chain.ts";
import { chainLinks, defaultLink } from "../../config/plan/default_chain.ts";
import { settingNames } from "../../config/profile.ts";
import { ProfileError } from "../../errors.ts";
import { isKeysStep } from "../../plan.ts";
import { configOptions } from "../../session/plan_settings.ts";
import type { Source } from "../../source/source.ts";
import { sourceOf, sources, sourcesBehind } from "../../source/sources.ts";
import type { CommandLine, Environment, Files } from "../../system.ts";
import { coreSettings, typedNames } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

const settings: readonly string[] = [
  ...[settingNames.ssoSession, settingNames.ssoStartUrl, settingNames.ssoAccountId],
  ...[settingNames.ssoRegion, settingNames.ssoRoleName, settingNames.loginSession],
  ...[settingNames.credentialProcess, settingNames.webIdentityTokenFile],
  settingNames.credentialSource,
];

/** The variables of sources that the environment can name, and for which files are read. */
const variables: readonly string[] = [
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/** Whether a configuration or the environment may name a source at all; without one, nothing has to be resolved. */
export function mayNameSource(text: string, env: Environment): boolean {
  const lower = text.toLowerCase();
  return settings.some((setting) => lower.includes(setting)) ||
    variables.some((name) => env.get(name) !== undefined);
}

/** What the profiles of a command line rest on. */
export interface NamedSources {
  readonly sources: ReadonlySet<Source>;
  /** The programs of their plans, each once. */
  readonly programs: readonly CommandLine[];
}

/** Nothing. */
export const noSources: NamedSources = { sources: new Set(), programs: [] };

/** The ports of {@linkcode namedSources}. */
interface Ports {
  readonly env: Environment;
  readonly files: Pick<Files, "readText">;
}

/**
 * The sources of the profiles that the command line is about. Where the files cannot be read, or the words mean nothing,
 * there are none: the command itself says what is wrong.
 */
export async function namedSources(given: ParsedArguments, ports: Ports): Promise<NamedSources> {
  // A section of a sign-in is named without any profile.
  const direct = given.text("sso-session") === undefined
    ? []
    : sources.filter(({ source }) => source === "sso");
  try {
    let config = await loadConfig(ports, configOptions(coreSettings(given)));
    for (const file of given.list("role-file")) {
      config = addProfiles(config, await loadRoleFile(ports, file));
    }
    const { profiles } = config;
    const links = chainLinks(config);
    const names = namesOf(given, config);
    const behind = names.flatMap((name) => [...sourcesBehind(name, { profiles, links })]);
    return {
      sources: new Set([...direct, ...behind]),
      programs: programsOf(config, names, given.text("source-profile"), ports.env),
    };
  } catch {
    return { ...noSources, sources: new Set(direct) };
  }
}

/** The profiles that were asked for; those that may be, where a person picks one or they stand on standard input. */
function namesOf(given: ParsedArguments, config: Config): readonly string[] {
  const words = typedNames(given);
  const all = [...config.profiles.keys()];
  if (words.includes("-")) return all;
  if (given.flag("all")) return [...chooseNames(config, words), ...roleNames(config)];
  if (words.length > 0) return chooseNames(config, words);
  const link = defaultLink(config)?.name;
  const meant = [
    link ?? defaultProfile(config, { only: "profile" }),
    defaultProfile(config, { only: "user" }),
  ];
  const known = meant.filter((name) => name !== undefined);
  return known.length === meant.length ? [...new Set(known)] : [...all, ...known];
}

/** The programs that the plans of the profiles run; a profile without a plan runs none. */
function programsOf(
  config: Config,
  names: readonly string[],
  defaultSource: string | undefined,
  env: Environment,
): readonly CommandLine[] {
  const lines = new Map<string, CommandLine>();
  for (const name of names) {
    try {
      const { base } = resolveChain(config, name, defaultSource, { suggest: false });
      if (isKeysStep(base)) continue;
      for (const line of sourceOf(base).programs?.(base, env) ?? []) {
        lines.set(JSON.stringify(line), line);
      }
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
    }
  }
  return [...lines.values()];
}
