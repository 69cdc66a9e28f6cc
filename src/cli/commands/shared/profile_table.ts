/**
 * Profiles and groups as tables, for the commands that list them.
 *
 * @module
 */

import { groupMembers } from "../../../config/names/choose.ts";
import type { Profile } from "../../../config/profile.ts";
import { ProfileError } from "../../../errors.ts";
import { hasColor } from "../../../output/style.ts";
import { type Column, tableLines } from "../../../output/table.ts";
import { summarizeProfile } from "../../../session/profile_summary.ts";
import type { Invocation } from "../../command.ts";
import { knownConfig } from "../../known_config.ts";

/** Prints the profiles, as a table or with `--json`. */
export async function printProfiles(
  invocation: Invocation,
  known: readonly Profile[],
): Promise<void> {
  const columns = [
    { title: "PROFILE" },
    { title: "ROLE", least: 20 },
    { title: "SOURCE", least: 8 },
    { title: "MFA", spare: true },
  ];
  await print(invocation, known, {
    columns,
    rowOf: (one) => [one.name, one.roleArn ?? "", one.sourceProfile ?? "", one.mfaSerial ?? ""],
    jsonOf: summarizeProfile,
  });
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
export async function printGroups(
  invocation: Invocation,
  groups: readonly GroupSummary[],
): Promise<void> {
  const columns = [{ title: "GROUP" }, { title: "PROFILES", least: 20, spare: true }];
  await print(invocation, groups, {
    columns,
    rowOf: ({ name, profiles, problem }) => [name, problem ?? profiles.join(", ")],
    jsonOf: (group) => group,
  });
}

/** The profiles of the files, and of every `--role-file`. */
export async function listProfiles(invocation: Invocation): Promise<readonly Profile[]> {
  return [...(await knownConfig(invocation)).profiles.values()];
}

/** How records are printed. */
interface Printing<Record> {
  readonly columns: readonly Column[];
  /** What a table shows of one. */
  readonly rowOf: (record: Record) => readonly string[];
  /** What `--json` shows of it. */
  readonly jsonOf: (record: Record) => unknown;
}

/** The rows that are in memory as text at once. */
const rowsAtOnce = 500;

async function print<Record>(
  { arguments: given, system }: Invocation,
  records: readonly Record[],
  { columns, jsonOf, rowOf }: Printing<Record>,
): Promise<void> {
  const { terminal } = system;
  if (given.flag("json")) return terminal.out(`${JSON.stringify(records.map(jsonOf), null, 2)}\n`);
  const lines = tableLines(columns, records, rowOf, {
    columns: terminal.outIsTerminal ? terminal.columns() : undefined,
    color: hasColor(system, "out"),
  });
  let text = "";
  let count = 0;
  for (const line of lines) {
    text += line;
    if (++count % rowsAtOnce > 0) continue;
    terminal.out(text);
    text = "";
    await terminal.flush();
  }
  terminal.out(text);
}
