/**
 * Resolves what the profiles of a command line rest on. It is loaded where a configuration or the environment names
 * something that a plan may open.
 *
 * @module
 */

import { addProfiles, type Config, loadConfig, loadRoleFile } from "../../config/load.ts";
import { type Chain, resolveChain } from "../../config/plan/chain.ts";
import { chainLinks } from "../../config/plan/default_chain.ts";
import type { PlanRequest } from "../../config/plan/request.ts";
import type { SsoSession } from "../../config/sign_in_session.ts";
import { StsavalError } from "../../errors.ts";
import { isKeysStep, type SourceStep } from "../../plan.ts";
import { configOptions, planRequest } from "../../session/plan_settings.ts";
import { sourceOf, sourcesBehind } from "../../source/sources.ts";
import { sessionTarget } from "../../source/sso/settings.ts";
import { sso } from "../../source/sso/sso.ts";
import type { Environment } from "../../system.ts";
import { coreSettings, typedNames } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { lineNames, type NamingCommand } from "./line_names.ts";
import { type NamedSources, type NamingPorts, noSources } from "./named_sources.ts";

/**
 * What the profiles that the command line is about rest on. Where the files cannot be read, or the words mean nothing,
 * that is nothing: the command itself says what is wrong.
 */
export async function namedSources(
  command: NamingCommand,
  given: ParsedArguments,
  ports: NamingPorts,
): Promise<NamedSources> {
  try {
    const config = await loadAll(given, ports);
    const names = lineNames(command, given, config, ports.terminal);
    const found = namedBy(config, names, { given, env: ports.env });
    const sections = namedSections(command, given, config);
    if (sections.length === 0) return found;
    const sectionUrls = sections.flatMap((section) => urlsOfSection(section, config));
    return { ...found, sectionUrls, sources: new Set([...found.sources, sso]) };
  } catch {
    return noSources;
  }
}

/** The sections of sign-ins that are meant without any profile: one by its name, or with everything. */
function namedSections(
  { unnamed }: NamingCommand,
  given: ParsedArguments,
  { ssoSessions }: Config,
): readonly SsoSession[] {
  const session = given.text("sso-session");
  if (session !== undefined) {
    return [ssoSessions.get(session)].filter((found) => found !== undefined);
  }
  const isAll = unnamed === "everything" && typedNames(given).length === 0;
  return isAll ? [...ssoSessions.values()] : [];
}

/** Nothing for a section that cannot be used: the command itself says why. */
function urlsOfSection(section: SsoSession, config: Config): readonly string[] {
  try {
    const { oidcUrl, portalUrl } = sessionTarget(section, config);
    return [oidcUrl, portalUrl];
  } catch (error) {
    if (error instanceof StsavalError) return [];
    throw error;
  }
}

async function loadAll(given: ParsedArguments, ports: NamingPorts): Promise<Config> {
  let config = await loadConfig(ports, configOptions(coreSettings(given)));
  for (const file of given.list("role-file")) {
    config = addProfiles(config, await loadRoleFile(ports, file));
  }
  return config;
}

function namedBy(
  config: Config,
  names: readonly string[],
  { given, env }: { readonly given: ParsedArguments; readonly env: Environment },
): NamedSources {
  const request = planRequest(
    { ...coreSettings(given), profileName: given.text("source-profile") },
    {},
    env,
  );
  const chains = names.map((name) => chainOf(config, name, request));
  const planned = chains.filter((chain) => chain !== undefined);
  const steps = planned.map(({ base }) => base)
    .filter((base): base is SourceStep => !isKeysStep(base));
  const roles = new Set(planned.flatMap(({ roles }) => roles.map(({ profile }) => profile)));
  const profiles = [...roles, ...new Set(planned.map(({ baseProfile }) => baseProfile))];
  const lines = steps.flatMap((step) => sourceOf(step).programs?.(step, env) ?? []);
  const links = chainLinks(config);
  // 'login' and 'logout' use a sign-in whose profile lacks a setting that a plan needs.
  const unplanned = names.filter((_, index) => chains[index] === undefined)
    .flatMap((name) => [...sourcesBehind(name, { profiles: config.profiles, links })]);
  return {
    sourceSteps: steps,
    sources: new Set(unplanned),
    sectionUrls: [],
    programs: [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()],
    mfaCommands: profiles.flatMap(({ mfaProcess }) => mfaProcess ?? []),
    caBundles: names.flatMap((name) => config.profiles.get(name)?.caBundle ?? []),
    sharesAwsCache: profiles.some(({ shareAwsCache }) => shareAwsCache === true),
    sealsCache: profiles.some(({ sealCache }) => sealCache === true),
    seedProfiles: [...new Set(planned.flatMap(seedProfileOf))],
    narrowedBy: [
      ...profiles,
      ...new Set(names.map((name) => config.profiles.get(name)).filter((one) => one !== undefined)),
    ].filter(({ policy, scopePolicy }) => (policy ?? scopePolicy) !== undefined),
  };
}

/** The user whose kept seed may make the code of the chain. */
function seedProfileOf({ baseProfile, roles }: Chain): readonly string[] {
  const profiles = [baseProfile, ...roles.map(({ profile }) => profile)];
  return profiles.some(({ mfaStore }) => mfaStore === true) ? [baseProfile.name] : [];
}

/** How the profile leads to keys; undefined where it does not. */
function chainOf(config: Config, name: string, request: PlanRequest): Chain | undefined {
  try {
    return resolveChain(config, name, request.sourceProfile, { suggest: false, request });
  } catch (error) {
    if (error instanceof StsavalError) return undefined;
    throw error;
  }
}
