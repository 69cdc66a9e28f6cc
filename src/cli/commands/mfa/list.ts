/**
 * `stsaval mfa list`: the seeds that are kept.
 *
 * @module
 */

import { hasColor } from "../../../output/style.ts";
import { formatTable } from "../../../output/table.ts";
import type { Command, Invocation } from "../../command.ts";
import { listSeeds } from "../../mfa/kept_seeds.ts";

/** The record. */
export const mfaList: Command = {
  name: "mfa list",
  topic: "setUp",
  summary: "List the MFA devices whose seeds are kept",
  description:
    "Lists the users whose seeds are kept, their devices, what opens the seeds, and since when they are kept. Opens\n" +
    'none of them. --json gives {"version": 1, "seeds": [{"profile", "mfaSerial", "opener", "added"}]}, with null\n' +
    "for what is not known.",
  options: [],
  examples: [{ line: "stsaval mfa list", summary: "a table" }],
  environment: [],
  needs: ["sealed-store"],
  run: runMfaList,
};

async function runMfaList(
  { arguments: given, system }: Invocation,
): Promise<number> {
  const { terminal } = system;
  const seeds = (await listSeeds(system)).map(({ profile, note }) => ({
    profile,
    mfaSerial: note?.serial ?? null,
    opener: note?.opener ?? null,
    added: note?.added ?? null,
  }));
  if (given.flag("json")) {
    terminal.out(`${JSON.stringify({ version: 1, seeds }, null, 2)}\n`);
    return 0;
  }
  if (seeds.length === 0) {
    terminal.out("No seed is kept\n");
    return 0;
  }
  const rows = seeds.map(({ profile, mfaSerial, opener, added }) => [
    ...[profile, mfaSerial ?? "", opener ?? "", added?.slice(0, 10) ?? ""],
  ]);
  const columns = [
    ...[{ title: "PROFILE" }, { title: "DEVICE", least: 12 }],
    ...[{ title: "OPENER" }, { title: "ADDED", spare: true }],
  ];
  terminal.out(formatTable(columns, rows, {
    columns: terminal.outIsTerminal ? terminal.columns() : undefined,
    color: hasColor(system, "out"),
  }));
  return 0;
}
