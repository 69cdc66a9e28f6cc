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
  options: [
    { name: "man", summary: "Print everything as a man page" },
    {
      name: "process-script",
      summary: "Print the shell script stsaval-process (see 'stsaval help process')",
    },
  ],
  examples: [
    { line: "stsaval help creds", summary: "everything about creds" },
    { line: "stsaval help profiles list", summary: "a command of two words" },
    { line: "stsaval help --man | man -l -", summary: "the whole manual" },
    {
      line: "stsaval help --process-script >~/bin/stsaval-process",
      summary: "the script, where no package has installed it",
    },
  ],
  environment: [],
  needs: [],
  run: runHelp,
};

async function runHelp({ arguments: given, commands, system }: Invocation): Promise<number> {
  const words = given.operands;
  const manPage = given.flag("man");
  if (given.flag("process-script")) return await printProcessScript(words, manPage, system);
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

async function printProcessScript(
  words: readonly string[],
  manPage: boolean,
  { terminal }: Invocation["system"],
): Promise<number> {
  if (manPage || words.length > 0) {
    throw new UsageError("Cannot print anything else with --process-script: it prints one script");
  }
  const { formatProcessScript } = await import("../answers/script.ts");
  terminal.out(formatProcessScript());
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
