/**
 * `stsaval logout`: forget what is kept.
 *
 * @module
 */

import type { Base } from "../../config/plan/base.ts";
import { type Chain, resolveChain } from "../../config/plan/chain.ts";
import { addProfiles, type Config, loadConfig, loadRoleFile } from "../../config/load.ts";
import { ProfileError, StsavalError } from "../../errors.ts";
import { isKeysStep } from "../../plan.ts";
import { cacheFolder, createSessionCache } from "../../cache/cache.ts";
import type { CacheListing } from "../../cache/port.ts";
import { configOptions } from "../../session/plan_settings.ts";
import type { Command, Invocation } from "../command.ts";
import { coreSettings } from "../core_settings.ts";
import { profileEnvironment } from "../help/help.ts";
import { fileOptions } from "../options.ts";

/** The record. */
export const logout: Command = {
  name: "logout",
  summary: "Remove the credentials that are kept on disk",
  description:
    "Removes what is kept in ~/.aws/stsaval: everything, or all that a login of one profile can have left, which is\n" +
    "its roles and every session token of its user. The roles of other profiles stay until they end; to renew them\n" +
    "takes a new code. What was put into the AWS CLI's own cache (~/.aws/cli/cache) stays as well. STS cannot take\n" +
    "credentials back: whoever has a copy can use it until it ends.",
  options: [
    {
      name: "profile",
      value: "NAME",
      summary: "Only what a login of this profile can have left; others share its session tokens",
    },
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval logout", summary: "everything" },
    { line: "stsaval logout --profile dev", summary: "one profile" },
  ],
  environment: [
    ...profileEnvironment,
    "STSAVAL_CACHE_DIR: the folder in place of ~/.aws/stsaval",
  ],
  needs: ["cache", "read-aws"],
  run: runLogout,
};

async function runLogout(invocation: Invocation): Promise<number> {
  const { arguments: given, logger, system } = invocation;
  const { clock, env, files } = system;
  const cache = createSessionCache({ clock, env, files, logger });
  const name = given.text("profile");
  const { removed, left } = cache === undefined
    ? { removed: 0, left: 0 }
    : name === undefined
    ? await cache.clear()
    : await cache.remove(await leftByLogin(invocation, name, await cache.list()));
  system.terminal.out(
    given.flag("json") ? `${JSON.stringify({ removed })}\n` : `${count(removed)} removed\n`,
  );
  if (left === 0) return 0;
  throw new StsavalError("FAILED", `Cannot remove ${count(left)} from "${cacheFolder(env)}"`, {
    hint: "whoever can read that folder can use them until they end; see who may write to it",
  });
}

function count(number: number): string {
  return `${number} ${number === 1 ? "credential" : "credentials"}`;
}

/**
 * Whether an entry is one that a login of the profile can have left. Entries go by what they say of themselves: their
 * keys also depend on what that login was asked for, such as its lifetime or its endpoint.
 *
 * @throws {ProfileError} when there is no such profile, and nothing is kept under its name
 */
async function leftByLogin(
  invocation: Invocation,
  name: string,
  entries: readonly CacheListing[],
): Promise<(entry: CacheListing) => boolean> {
  const config = await loadProfiles(invocation);
  const chain = findChain(config, name);
  if (chain instanceof ProfileError) {
    if (!entries.some(({ profile }) => profile === name)) throw chain;
    invocation.logger.warn(
      `logout: a session token behind profile "${name}" may be left: ${chain.message}`,
    );
    return ({ profile }) => profile === name;
  }
  const profiles = new Set(chain.roles.map((role) => role.profile.name));
  const roleArns = new Set(chain.roles.map(({ roleArn }) => roleArn));
  const users = usersOf(config, chain.base);
  return ({ operation, profile, roleArn = "" }) =>
    profile === name ||
    (operation === "GetSessionToken"
      ? users.has(profile)
      : profiles.has(profile) || roleArns.has(roleArn));
}

async function loadProfiles({ arguments: given, system }: Invocation): Promise<Config> {
  let config = await loadConfig(system, configOptions(coreSettings(given)));
  for (const file of given.list("role-file")) {
    config = addProfiles(config, await loadRoleFile(system, file));
  }
  return config;
}

function findChain(config: Config, name: string): Chain | ProfileError {
  try {
    return resolveChain(config, name);
  } catch (error) {
    if (error instanceof ProfileError) return error;
    throw error;
  }
}

/** Every profile with these keys: the first of them to ask gave the session token its name. */
function usersOf({ profiles }: Config, base: Base): ReadonlySet<string> {
  if (!isKeysStep(base)) return new Set();
  const { kind, keys: { accessKeyId } } = base;
  const same = [...profiles.values()].filter((profile) =>
    profile.accessKeyId === accessKeyId ||
    (kind === "environment" && profile.credentialSource === "Environment")
  );
  return new Set([base.profile, ...same.map(({ name }) => name)]);
}
