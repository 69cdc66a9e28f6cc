/**
 * `stsaval logout`: removes cached credentials.
 *
 * @module
 */

import { type Chain, resolveChain } from "../../config/plan/chain.ts";
import type { Config } from "../../config/load.ts";
import { ProfileError, StsavalError } from "../../errors.ts";
import { type BaseStep, isKeysStep, isLongTerm } from "../../plan.ts";
import { createAwsCliCache } from "../../cache/aws_cli_cache.ts";
import { cacheFolder } from "../../cache/cache_folder.ts";
import type { LogoutScope } from "../../cache/logouts.ts";
import type { CacheListing } from "../../cache/port.ts";
import type { Command, Invocation } from "../command.ts";
import { typedNames } from "../core_settings.ts";
import { profileEnvironment } from "../help/environment.ts";
import { knownConfig } from "../known_config.ts";
import { fileOptions, profilesOption } from "../options.ts";
import { checkUnseen, openCache } from "./shared/kept_cache.ts";
import { wantedProfiles } from "../profile_names.ts";
import { awsLoginsOf, forgetAwsLogins } from "./shared/aws_logout.ts";
import { signInsOf, signOutOfSso } from "./shared/sso_logout.ts";

/** The record. */
export const logout: Command = {
  name: "logout",
  topic: "keep",
  summary: "Remove the credentials cached on disk, and end sign-ins",
  description:
    "Removes credentials from ~/.aws/stsaval: all of them, or those that a login of a profile may have left,\n" +
    "which are its roles and every session token of its user. The roles of other profiles stay until they expire;\n" +
    "renewing them takes a new code. What stsaval put into the AWS CLI's own cache (~/.aws/cli/cache) goes too,\n" +
    "and so do the answers that were kept of them for stsaval-process.\n" +
    "What was begun before is not cached afterwards: a running 'stsaval watch' goes on in memory, and says so.\n" +
    "A sealed cache needs no key for it, and stays sealed.\n" +
    "STS cannot revoke credentials: a copy of them works until they expire.\n\n" +
    "Sign-ins to IAM Identity Center and by 'aws login' end too: those of the profiles, or all that the\n" +
    "configuration names. The AWS CLI has to sign in again then. AWS is told of the former alone.",
  operands: "[PROFILE…]",
  unnamed: "everything",
  options: [profilesOption, ...fileOptions],
  examples: [
    { line: "stsaval logout", summary: "everything" },
    { line: "stsaval logout dev", summary: "one profile" },
  ],
  environment: [
    ...profileEnvironment,
    "STSAVAL_CACHE_DIR: the cache folder, instead of ~/.aws/stsaval",
  ],
  needs: ["cache", "aws-cli-written", "read-aws", "sources", "sts"],
  run: runLogout,
};

async function runLogout(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const { env } = system;
  const cache = openCache(invocation);
  const isNamed = typedNames(given).length > 0;
  const scopes = isNamed ? await leftByLogins(invocation, await cache.list()) : "all";
  const { removed, left } = await cache.logOut(scopes);
  const { removed: ofAwsCli, left: leftOfAwsCli } = await createAwsCliCache({
    ...system,
    logger: invocation.logger,
  }).logOut(scopes);
  const signedOut = await endSignIns(invocation, isNamed);
  if (removed === 0 && left === 0) checkUnseen(cache);
  report(invocation, removed + ofAwsCli, signedOut);
  if (left === 0 && leftOfAwsCli === 0) {
    checkUnseen(cache);
    return 0;
  }
  if (left === 0) throw cannotRemove(leftOfAwsCli, "~/.aws/cli/cache");
  throw cannotRemove(left, cacheFolder(env));
}

function cannotRemove(left: number, folder: string | undefined): StsavalError {
  return new StsavalError("FAILED", `Cannot remove ${count(left)} from "${folder}"`, {
    hint:
      "anyone who can read that folder can use them until they expire; check who can write to it",
  });
}

/** A sign-in that was ended. */
interface EndedSignIn {
  readonly name: string;
  readonly what: string;
}

/** Without names, of every sign-in that the configuration has; a configuration that cannot be read has none. */
async function endSignIns(
  invocation: Invocation,
  isNamed: boolean,
): Promise<readonly EndedSignIn[]> {
  const names = isNamed ? await wantedProfiles(invocation) : "all";
  const config = await knownConfig(invocation).catch((error) => {
    if (isNamed) throw error;
    invocation.logger.warn(`logout: sign-ins are left: ${error.message}`);
  });
  if (config === undefined) return [];
  const ofSso = await signOutOfSso(invocation, signInsOf(config, names));
  const ofAwsLogin = await forgetAwsLogins(invocation, awsLoginsOf(config, names));
  return [
    ...ofSso.map((name) => ({ name, what: "IAM Identity Center" })),
    ...ofAwsLogin.map((name) => ({ name, what: "aws login" })),
  ];
}

function report(
  { arguments: given, system: { terminal } }: Invocation,
  removed: number,
  signedOut: readonly EndedSignIn[],
): void {
  if (given.flag("json")) {
    const more = signedOut.length === 0 ? {} : { signedOut: signedOut.map(({ name }) => name) };
    return terminal.out(`${JSON.stringify({ removed, ...more })}\n`);
  }
  const lines = signedOut.map(({ name, what }) => `Signed out of ${what} "${name}"\n`);
  terminal.out(`${count(removed)} removed\n${lines.join("")}`);
}

function count(number: number): string {
  return `${number} ${number === 1 ? "credential" : "credentials"}`;
}

/** What a login of one of the profiles may have left. */
async function leftByLogins(
  invocation: Invocation,
  entries: readonly CacheListing[],
): Promise<readonly LogoutScope[]> {
  const config = await knownConfig(invocation);
  const names = await wantedProfiles(invocation);
  return names.map((name) => leftByLogin(invocation, config, name, entries));
}

/**
 * What a login of the profile may have left. Entries are matched by their fields: their keys also
 * depend on the options of that login, such as its lifetime or its endpoint.
 *
 * @throws {ProfileError} when there is no such profile, and nothing is cached under its name
 */
function leftByLogin(
  invocation: Invocation,
  config: Config,
  name: string,
  entries: readonly CacheListing[],
): LogoutScope {
  const chain = findChain(config, name);
  if (chain instanceof ProfileError) {
    if (!entries.some(({ profile }) => profile === name)) throw chain;
    invocation.logger.warn(
      `logout: a session token of profile "${name}" may remain: ${chain.message}`,
    );
    return { named: [name], profiles: [], roleArns: [], users: [] };
  }
  const source = isKeysStep(chain.base) ? [] : [chain.base.profile];
  return {
    named: [name],
    profiles: [...source, ...chain.roles.map((role) => role.profile.name)],
    roleArns: chain.roles.map(({ roleArn }) => roleArn),
    users: usersOf(config, chain.base),
  };
}

function findChain(config: Config, name: string): Chain | ProfileError {
  try {
    return resolveChain(config, name);
  } catch (error) {
    if (error instanceof ProfileError) return error;
    throw error;
  }
}

/** Every profile with these keys: the session token is named after the first one that requested it. */
function usersOf({ profiles }: Config, base: BaseStep): readonly string[] {
  if (!isKeysStep(base)) return isLongTerm(base) ? [base.profile] : [];
  const { kind, keys: { accessKeyId } } = base;
  const same = [...profiles.values()].filter((profile) =>
    profile.accessKeyId === accessKeyId ||
    (kind === "environment" && profile.credentialSource === "Environment")
  );
  return [...new Set([base.profile, ...same.map(({ name }) => name)])];
}
