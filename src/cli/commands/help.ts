/**
 * `stsaval help`.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { version } from "../../version.ts";
import type { Command, CommandDirectory, Invocation } from "../command.ts";
import { formatGroup, formatHelp, formatOverview } from "../help/help.ts";
import { formatManPage } from "../help/man_page.ts";

/** The record. */
export const help: Command = {
  name: "help",
  topic: "setUp",
  summary: "Show what a command does",
  description: "Shows the list of commands, or everything about one of them.",
  operands: "[COMMAND]",
  options: [{ name: "man", summary: "Print everything as a man page" }],
  examples: [
    { line: "stsaval help creds", summary: "everything about creds" },
    { line: "stsaval help profiles list", summary: "a command of two words" },
    { line: "stsaval help --man | man -l -", summary: "the whole manual" },
  ],
  environment: [],
  needs: [],
  run: runHelp,
};

async function runHelp({ arguments: given, commands, system }: Invocation): Promise<number> {
  const words = given.operands;
  const manPage = given.flag("man");
  if (manPage && words.length > 0) {
    throw new UsageError(
      `Cannot use --man for "${words.join(" ")}" alone: there is one page for all commands`,
    );
  }
  const text = words.length > 0
    ? await helpOf(words, commands)
    : manPage
    ? formatManPage(await commands.all(), version)
    : formatOverview(await commands.all());
  system.terminal.out(text);
  return 0;
}

/** The help of a command, and of the commands whose names begin with its name. */
async function helpOf(words: readonly string[], commands: CommandDirectory): Promise<string> {
  const { name, command, group, rest: [extra] } = await commands.resolve(words);
  if (extra !== undefined) {
    throw new UsageError(`Unexpected argument "${extra}": wanted at most one command`);
  }
  return command === undefined ? formatGroup(name, group) : formatHelp(command, group);
}
