/**
 * Which sources of base credentials the profiles of a command line rest on: others are closed to it.
 *
 * @module
 */

import { addProfiles, loadConfig, loadRoleFile } from "../../config/load.ts";
import { chooseNames } from "../../config/names/choose.ts";
import { settingNames } from "../../config/profile.ts";
import { configOptions } from "../../session/plan_settings.ts";
import type { Source } from "../../source/source.ts";
import { sources, sourcesBehind } from "../../source/sources.ts";
import type { Environment, Files } from "../../system.ts";
import { coreSettings, typedNames } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

const settings: readonly string[] = [
  ...[settingNames.ssoSession, settingNames.ssoStartUrl, settingNames.ssoAccountId],
  ...[settingNames.ssoRegion, settingNames.ssoRoleName, settingNames.loginSession],
  ...[settingNames.credentialProcess, settingNames.webIdentityTokenFile],
  settingNames.credentialSource,
];

/** Whether a configuration may name a source at all; without one, nothing has to be resolved. */
export function mayNameSource(text: string): boolean {
  const lower = text.toLowerCase();
  return settings.some((setting) => lower.includes(setting));
}

/**
 * The sources of the profiles that the command line is about. Where the files cannot be read, or the words mean nothing,
 * there are none: the command itself says what is wrong.
 */
export async function namedSources(
  given: ParsedArguments,
  ports: { readonly env: Environment; readonly files: Pick<Files, "readText"> },
): Promise<ReadonlySet<Source>> {
  // A section of a sign-in is named without any profile.
  const direct = given.text("sso-session") === undefined
    ? []
    : sources.filter(({ source }) => source === "sso");
  try {
    let config = await loadConfig(ports, configOptions(coreSettings(given)));
    for (const file of given.list("role-file")) {
      config = addProfiles(config, await loadRoleFile(ports, file));
    }
    const { profiles, environment } = config;
    const words = typedNames(given);
    const typed = words.length > 0 ? chooseNames(config, words) : known(environment.profile);
    // Without a name a person may pick any.
    const names = given.flag("all") || typed.length === 0 ? profiles.keys() : typed;
    const behind = [...names].flatMap((name) => [...sourcesBehind(name, profiles)]);
    return new Set([...direct, ...behind]);
  } catch {
    return new Set(direct);
  }
}

function known(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}
