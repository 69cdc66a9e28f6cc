/**
 * `stsaval profiles`: lists the known profiles.
 *
 * @module
 */

import { type Column, formatTable } from "../../output/table.ts";
import type { Command, Invocation } from "../command.ts";
import { openCore } from "../context.ts";
import { showConfigWarnings } from "./shared/config_warnings.ts";
import { profileEnvironment } from "../help/help.ts";
import { fileOptions } from "../options.ts";

/** The record. */
export const profiles: Command = {
  name: "profiles",
  summary: "List the known profiles",
  description: "Lists the profiles of the files in ~/.aws. Makes no network call.",
  options: [...fileOptions],
  examples: [
    { line: "stsaval profiles", summary: "a table" },
    { line: "stsaval profiles --json", summary: "for programs" },
  ],
  environment: profileEnvironment,
  needs: ["read-aws"],
  run: runProfiles,
};

const columns: readonly Column[] = [
  { title: "PROFILE" },
  { title: "ROLE", least: 20 },
  { title: "SOURCE", least: 8 },
  { title: "MFA", spare: true },
];

async function runProfiles(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const core = await openCore(invocation);
  await using _core = core;
  await showConfigWarnings(invocation);
  const known = await core.profiles();
  if (given.flag("json")) {
    system.terminal.out(`${JSON.stringify(known, null, 2)}\n`);
  } else {
    const rows = known.map((
      p,
    ) => [p.name, p.roleArn ?? "", p.sourceProfile ?? "", p.mfaSerial ?? ""]);
    system.terminal.out(formatTable(columns, rows, {
      columns: system.terminal.outIsTerminal ? system.terminal.columns() : undefined,
    }));
  }
  return 0;
}
