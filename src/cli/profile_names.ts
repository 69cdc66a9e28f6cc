/**
 * The profiles that a command line is about: words, else the environment, else the files.
 *
 * @module
 */

import type { Config } from "../config/load.ts";
import { chooseNames } from "../config/names/choose.ts";
import { defaultProfile, roleNames, usableProfiles } from "../config/names/default.ts";
import { defaultLink } from "../config/plan/default_chain.ts";
import { UsageError } from "../errors.ts";
import type { Command, Invocation } from "./command.ts";
import { typedNames } from "./core_settings.ts";
import { knownConfig } from "./known_config.ts";
import { addRoles, wantedRoles } from "./extra_roles.ts";

/**
 * The profiles of a command that takes several, each once. Words are names, groups, patterns and lists; `--all` adds
 * every profile that has a role, by its ARN or in IAM Identity Center; `--role-arn` makes roles on top of the one
 * profile that is named.
 *
 * @throws {UsageError} when none is named and none goes without saying
 * @throws {ProfileError} when a pattern matches nothing, or a group cannot be used
 */
export async function wantedProfiles(invocation: Invocation): Promise<readonly string[]> {
  if (wantedRoles(invocation).length > 0) return await rolesOnTop(invocation);
  const config = await knownConfig(invocation);
  const names = chooseNames(config, await wordsOf(invocation));
  if (invocation.arguments.flag("all")) return withAllRoles(config, names);
  if (names.length > 0) return names;
  return await unnamedProfiles(invocation, config, { several: true });
}

/**
 * The profile of a command that takes one.
 *
 * @throws {UsageError} when none goes without saying, or several are meant
 * @throws {ProfileError} when a pattern matches nothing, or a group cannot be used
 */
export async function wantedProfile(invocation: Invocation): Promise<string> {
  const roles = wantedRoles(invocation).length;
  const [role = "", extra] = roles > 0 ? await rolesOnTop(invocation) : [];
  if (extra !== undefined) throw new UsageError("Cannot use --role-arn more than once here");
  if (roles > 0) return role;
  return await oneProfile(invocation, await knownConfig(invocation));
}

/** The roles of `--role-arn`: the profile that is named is their source. */
async function rolesOnTop(invocation: Invocation): Promise<readonly string[]> {
  if (invocation.arguments.flag("all")) {
    throw new UsageError("Cannot use --all with --role-arn: its source is one profile");
  }
  const config = await knownConfig(invocation);
  // The job's own token needs no other source.
  const isOwn = invocation.arguments.flag("github-oidc") &&
    typedNames(invocation.arguments).length === 0;
  const source = isOwn ? undefined : await oneProfile(invocation, config, "user");
  return addRoles(invocation, config, source);
}

async function oneProfile(
  invocation: Invocation,
  config: Config,
  only?: "user",
): Promise<string> {
  const words = await wordsOf(invocation);
  const chosen = chooseNames(config, words);
  const names = chosen.length > 0 ? chosen : await unnamedProfiles(invocation, config, { only });
  const [name = "", extra] = names;
  if (extra !== undefined) throw tooMany(invocation, words, names);
  return name;
}

/** The words as they were typed; `-` stands for the lines of standard input. */
async function wordsOf({ arguments: given, system }: Invocation): Promise<readonly string[]> {
  const typed = new Set(typedNames(given));
  const words: string[] = [];
  for (const word of typed) {
    if (word === "-") {
      for (const line of linesOf(await system.terminal.readInput())) words.push(line);
    } else if (/^[\s,]*$/.test(word)) throw noName(`found ${JSON.stringify(word)}`);
    else words.push(word);
  }
  // Who named something does not mean whatever goes without saying.
  if (typed.size > 0 && words.length === 0) throw noName("standard input is empty");
  return words;
}

function linesOf(text: string): readonly string[] {
  return text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
}

function noName(found: string): UsageError {
  return new UsageError(`No profile given: ${found}, wanted the name of a profile`, {
    hint: listHint,
  });
}

function withAllRoles(config: Config, names: readonly string[]): readonly string[] {
  const roles = roleNames(config);
  if (names.length === 0 && roles.length === 0) {
    throw new UsageError("Cannot use --all: no profile has a role", { hint: listHint });
  }
  return [...new Set([...names, ...roles])];
}

/**
 * The profiles where none is typed: the one that the environment names, else the first link of the default chain, else
 * the only profile. Where there is none of these, a person picks: here and nowhere else.
 *
 * @throws {UsageError} when nothing says which profile is meant
 * @throws {InterruptedError} when none is picked
 */
async function unnamedProfiles(
  invocation: Invocation,
  config: Config,
  { only, several = false }: { readonly only?: "user" | undefined; readonly several?: boolean },
): Promise<readonly string[]> {
  const { command } = invocation;
  const wanted = only ?? (command.unnamed === "user" ? "user" : "profile");
  const link = command.unnamed === "user" ? undefined : defaultLink(config);
  const name = link?.name ?? defaultProfile(config, { only: wanted });
  if (name !== undefined) return [name];
  const profiles = usableProfiles(config, { only: wanted });
  if (profiles.length === 0 || !canPick(invocation)) throw noProfile(command);
  const { pickProfiles } = await import("./profile_picker.ts");
  return await pickProfiles(invocation, profiles, { several });
}

/** Whether a picker can be shown: a person is there, who has not asked for JSON, and the terminal can draw. */
function canPick({ arguments: given, system: { env, terminal } }: Invocation): boolean {
  return terminal.canAsk && !given.flag("json") && env.get("TERM") !== "dumb";
}

function noProfile({ name, operands, options }: Command): UsageError {
  const profile = operands?.replace(/\[PROFILE…?\]/, "PROFILE").replace(/ \[.*/, "");
  const all = options.some((option) => option.name === "all") ? " or --all" : "";
  return new UsageError(
    `No profile given: wanted 'stsaval ${name} ${profile ?? "PROFILE"}'${all}`,
    { hint: listHint },
  );
}

function tooMany(
  { command }: Invocation,
  words: readonly string[],
  names: readonly string[],
): UsageError {
  const shown = names.slice(0, 10).map((name) => `"${name}"`).join(", ");
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  const what = words.length === 1 ? `"${words[0]}" stands for` : "found";
  return new UsageError(
    `Cannot use ${names.length} profiles: ${what} ${shown}${more}, 'stsaval ${command.name}' takes one`,
    { hint: "name one of them; creds, watch and write take several" },
  );
}

const listHint = "'stsaval profiles' lists the known profiles";
