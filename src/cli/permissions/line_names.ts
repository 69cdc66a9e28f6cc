/**
 * The profiles that a command line may be about, known before the command runs: the sandbox opens what these rest on.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { chooseNames } from "../../config/names/choose.ts";
import { defaultProfile, roleNames, usableProfiles } from "../../config/names/default.ts";
import { defaultLink } from "../../config/plan/default_chain.ts";
import type { Terminal } from "../../system.ts";
import type { Command } from "../command.ts";
import { typedNames } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

/** What a command line is parsed for. */
export type NamingCommand = Pick<Command, "unnamed">;

/**
 * The names of the profiles. A person may pick any that can be used; names on standard input may be any at all.
 *
 * @throws {ProfileError} when a pattern matches nothing, or a group cannot be used
 */
export function lineNames(
  { unnamed }: NamingCommand,
  given: ParsedArguments,
  config: Config,
  { canAsk }: Pick<Terminal, "canAsk">,
): readonly string[] {
  const words = typedNames(given);
  if (words.includes("-")) return [...config.profiles.keys()];
  const names = chooseNames(config, words);
  if (given.flag("all")) return [...names, ...roleNames(config)];
  if (names.length > 0) return names;
  if (unnamed === "everything") return [...config.profiles.keys()];
  const only = unnamed === "user" || given.list("role-arn").length > 0 ? "user" : "profile";
  const link = unnamed === "user" ? undefined : defaultLink(config);
  const name = link?.name ?? defaultProfile(config, { only });
  if (name !== undefined) return [name];
  return canAsk ? usableProfiles(config, { only }).map(({ name }) => name) : [];
}
