/**
 * `stsaval logout`: forget what is kept.
 *
 * @module
 */

import { definedFields } from "../../config/fields.ts";
import { type ConfigOptions, loadConfig } from "../../config/load.ts";
import { resolvePlans } from "../../config/plan.ts";
import { ProfileError } from "../../errors.ts";
import type { CredentialPlan } from "../../plan.ts";
import { createSessionCache } from "../../session/cache.ts";
import { cacheKey } from "../../session/cache_key.ts";
import type { CacheListing } from "../../session/cache_port.ts";
import type { ParsedArguments } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { profileEnvironment } from "../help.ts";
import { fileOptions } from "../options.ts";

/** The record. */
export const logout: Command = {
  name: "logout",
  summary: "Remove the credentials that are kept on disk",
  description:
    "Removes what is kept in ~/.aws/stsaval: everything, or what one profile rests on. STS cannot take\n" +
    "credentials back: whoever has a copy can use it until it ends.",
  options: [
    {
      name: "profile",
      value: "NAME",
      summary: "Only what this profile rests on; other profiles may share its session token",
    },
    ...fileOptions.filter((option) => option.name !== "role-file"),
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
  const removed = name === undefined
    ? await cache.clear()
    : (await cache.remove(await restsOn(invocation, name, await cache.list()))).length;
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ removed })}\n`
      : `${removed} ${removed === 1 ? "credential" : "credentials"} removed\n`,
  );
  return 0;
}

/**
 * Whether an entry is something that the profile rests on: its roles, and the session token behind them.
 *
 * @throws {ProfileError} when there is no such profile, and nothing is kept under its name
 */
async function restsOn(
  { arguments: given, system }: Invocation,
  name: string,
  entries: readonly CacheListing[],
): Promise<(entry: CacheListing) => boolean> {
  const { plans: [plan], problems } = resolvePlans(
    await loadConfig(system, fileChoice(given)),
    [name],
  );
  if (plan === undefined && !entries.some(({ profile }) => profile === name)) {
    throw new ProfileError(problems);
  }
  const profiles = new Set([name, ...plan?.roles.map(({ profile }) => profile) ?? []]);
  const session = await sessionKeyOf(plan);
  return ({ key, operation, profile }) =>
    key === session || (operation === "AssumeRole" && profiles.has(profile)) || profile === name;
}

async function sessionKeyOf(plan: CredentialPlan | undefined): Promise<string | undefined> {
  const base = plan?.base;
  if (base?.kind !== "static-keys" && base?.kind !== "environment") return undefined;
  if (plan?.session === undefined) return undefined;
  return await cacheKey({ base, session: plan.session, roles: [] });
}

function fileChoice(given: ParsedArguments): ConfigOptions {
  return definedFields<ConfigOptions>({
    configFile: given.text("config-file"),
    credentialsFile: given.text("credentials-file"),
  });
}
