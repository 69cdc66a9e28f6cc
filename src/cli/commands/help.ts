/**
 * `stsaval help`.
 *
 * @module
 */

import type { Command, Invocation } from "../command.ts";
import { formatHelp, formatOverview } from "../help.ts";

/** The record. */
export const help: Command = {
  name: "help",
  summary: "Show what a command does",
  description: "Shows the list of commands, or everything about one of them.",
  operands: "[COMMAND]",
  options: [],
  examples: [{ line: "stsaval help creds", summary: "everything about creds" }],
  environment: [],
  needs: [],
  run: runHelp,
};

async function runHelp({ arguments: given, commands, system }: Invocation): Promise<number> {
  const [name] = given.operands;
  const text = name === undefined
    ? formatOverview(await commands.all())
    : formatHelp(await commands.find(name));
  system.terminal.out(text);
  return 0;
}
