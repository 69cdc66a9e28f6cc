/**
 * `stsaval profiles`: lists what the files hold, profiles and groups.
 *
 * @module
 */

import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { fileOptions } from "../../options.ts";
import { showConfigWarnings } from "../shared/config_warnings.ts";
import { listGroups, listProfiles, printGroups, printProfiles } from "../shared/profile_table.ts";

/** The record. */
export const profiles: Command = {
  name: "profiles",
  topic: "look",
  summary: "List the known profiles",
  description:
    "Lists the profiles of the files in ~/.aws, and the groups of them. Makes no network call.",
  options: [...fileOptions],
  examples: [
    { line: "stsaval profiles", summary: "a table" },
    { line: "stsaval profiles --json", summary: "for programs" },
  ],
  environment: profileEnvironment,
  needs: ["read-aws"],
  run: runProfiles,
};

async function runProfiles(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  await showConfigWarnings(invocation);
  await printProfiles(invocation, await listProfiles(invocation));
  const groups = await listGroups(invocation);
  if (groups.length > 0 && !given.flag("json")) {
    system.terminal.out("\n");
    await printGroups(invocation, groups);
  }
  return 0;
}
