/**
 * `stsaval profiles list`: what names, groups and patterns stand for.
 *
 * @module
 */

import { ProfileError } from "../../../errors.ts";
import type { Command, Invocation } from "../../command.ts";
import { typedNames } from "../../core_settings.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { fileOptions, profilesOption } from "../../options.ts";
import { wantedProfiles } from "../../profile_names.ts";
import { listProfiles, printProfiles } from "../shared/profile_table.ts";

/** The record. */
export const profilesList: Command = {
  name: "profiles list",
  topic: "look",
  summary: "List the profiles that names, groups or patterns stand for",
  description:
    "Lists just the profiles that other commands would work with for the same words. Makes no network call.",
  operands: "[PROFILE…]",
  unnamed: "everything",
  options: [profilesOption, ...fileOptions],
  examples: [
    { line: "stsaval profiles list '*-dev'", summary: "a pattern" },
    { line: "stsaval profiles list backend --json", summary: "a group, for programs" },
  ],
  environment: profileEnvironment,
  needs: ["read-aws"],
  run: runProfilesList,
};

async function runProfilesList(invocation: Invocation): Promise<number> {
  const known = await listProfiles(invocation);
  if (typedNames(invocation.arguments).length === 0) {
    await printProfiles(invocation, known);
    return 0;
  }
  const names = await wantedProfiles(invocation);
  const unknown = names.filter((name) => !known.some((profile) => profile.name === name));
  if (unknown.length > 0) {
    throw new ProfileError(unknown.map((name) => ({
      profile: name,
      message: `Cannot find profile "${name}"`,
      hint: "'stsaval profiles' lists the known profiles",
    })));
  }
  await printProfiles(
    invocation,
    names.flatMap((name) => known.filter((one) => one.name === name)),
  );
  return 0;
}
