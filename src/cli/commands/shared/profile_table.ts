/**
 * Profiles and groups as tables, for the commands that list them.
 *
 * @module
 */

import { groupMembers } from "../../../config/names/choose.ts";
import { ProfileError } from "../../../errors.ts";
import { hasColor } from "../../../output/style.ts";
import { type Column, formatTable } from "../../../output/table.ts";
import type { ProfileSummary } from "../../../session/core_options.ts";
import { summarizeProfiles } from "../../../session/profile_summary.ts";
import type { Invocation } from "../../command.ts";
import { knownConfig } from "../../known_config.ts";

/** Prints the profiles, as a table or with `--json`. */
export function printProfiles(invocation: Invocation, known: readonly ProfileSummary[]): void {
  const columns = [
    { title: "PROFILE" },
    { title: "ROLE", least: 20 },
    { title: "SOURCE", least: 8 },
    { title: "MFA", spare: true },
  ];
  const rows = known.map((
    { name, roleArn = "", sourceProfile = "", mfaSerial = "" },
  ) => [name, roleArn, sourceProfile, mfaSerial]);
  print(invocation, known, columns, rows);
}

/** A group of the config file. */
export interface GroupSummary {
  readonly name: string;
  /** The profiles in it, those of the groups in it included; none where it cannot be used. */
  readonly profiles: readonly string[];
  /** Why it cannot be used. */
  readonly problem?: string;
}

/** The groups, in the order of the config file; one that is named like a profile does not count. */
export async function listGroups(invocation: Invocation): Promise<readonly GroupSummary[]> {
  const config = await knownConfig(invocation);
  const names = [...config.groups.keys()].filter((name) => !config.profiles.has(name));
  return names.map((name) => {
    try {
      return { name, profiles: groupMembers(config, name) };
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      return { name, profiles: [], problem: error.message };
    }
  });
}

/** Prints the groups, as a table or with `--json`. */
export function printGroups(invocation: Invocation, groups: readonly GroupSummary[]): void {
  const columns = [{ title: "GROUP" }, { title: "PROFILES", least: 20, spare: true }];
  const rows = groups.map(({ name, profiles, problem }) => [name, problem ?? profiles.join(", ")]);
  print(invocation, groups, columns, rows);
}

/** The profiles of the files, and of every `--role-file`. */
export async function listProfiles(invocation: Invocation): Promise<readonly ProfileSummary[]> {
  return summarizeProfiles(await knownConfig(invocation));
}

function print(
  { arguments: given, system }: Invocation,
  records: readonly unknown[],
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const { terminal } = system;
  if (given.flag("json")) return terminal.out(`${JSON.stringify(records, null, 2)}\n`);
  terminal.out(formatTable(columns, rows, {
    columns: terminal.outIsTerminal ? terminal.columns() : undefined,
    color: hasColor(system, "out"),
  }));
}
