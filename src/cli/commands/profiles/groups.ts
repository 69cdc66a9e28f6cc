/**
 * `stsaval profiles groups`: the groups of the config file.
 *
 * @module
 */

import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { fileOptions } from "../../options.ts";
import { showConfigWarnings } from "../shared/config_warnings.ts";
import { listGroups, printGroups } from "../shared/profile_table.ts";

/** The record. */
export const profilesGroups: Command = {
  name: "profiles groups",
  topic: "look",
  summary: "List the groups of profiles, and what is in them",
  description: "A group is a section of ~/.aws/config, which AWS's own tools leave alone:\n" +
    "  [stsaval-group backend]\n" +
    "  profiles = api-dev, db-*, frontend\n" +
    "Its name stands for its members, which are profiles, patterns and other groups. A profile of the same name\n" +
    "counts before a group. Makes no network call.",
  options: [...fileOptions],
  examples: [
    { line: "stsaval profiles groups", summary: "a table" },
    { line: "stsaval profiles groups --json", summary: "for programs" },
  ],
  environment: profileEnvironment,
  needs: ["read-aws"],
  run: runProfilesGroups,
};

async function runProfilesGroups(invocation: Invocation): Promise<number> {
  await showConfigWarnings(invocation);
  await printGroups(invocation, await listGroups(invocation));
  return 0;
}
