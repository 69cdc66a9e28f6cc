/**
 * `stsaval help`.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { version } from "../../version.ts";
import type { Command, Invocation } from "../command.ts";
import { formatHelp, formatOverview } from "../help/help.ts";
import { formatManPage } from "../help/man_page.ts";

/** The record. */
export const help: Command = {
  name: "help",
  summary: "Show what a command does",
  description: "Shows the list of commands, or everything about one of them.",
  operands: "[COMMAND]",
  options: [{ name: "man", summary: "Print everything as a man page" }],
  examples: [
    { line: "stsaval help creds", summary: "everything about creds" },
    { line: "stsaval help --man | man -l -", summary: "the whole manual" },
  ],
  environment: [],
  needs: [],
  run: runHelp,
};

async function runHelp({ arguments: given, commands, system }: Invocation): Promise<number> {
  const [name, extra] = given.operands;
  if (extra !== undefined) {
    throw new UsageError(`Unexpected argument "${extra}": wanted at most one command`);
  }
  const manPage = given.flag("man");
  if (manPage && name !== undefined) {
    throw new UsageError(
      `Cannot use --man for "${name}" alone: there is one page for all commands`,
    );
  }
  const text = name !== undefined
    ? formatHelp(await commands.find(name))
    : manPage
    ? formatManPage(await commands.all(), version)
    : formatOverview(await commands.all());
  system.terminal.out(text);
  return 0;
}
