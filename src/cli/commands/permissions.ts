/**
 * `stsaval permissions`: the permissions that commands need.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { hasColor } from "../../output/style.ts";
import { type Column, formatTable } from "../../output/table.ts";
import { sources } from "../../source/sources.ts";
import type { Command, CommandDirectory, Invocation } from "../command.ts";
import { denoLine } from "../permissions/deno_line.ts";
import { configFile } from "../permissions/config_files.ts";
import { describeNeeds } from "../permissions/needs.ts";
import { parseArguments } from "../parse/parse.ts";
import { permissionFlags } from "../permissions/flags.ts";

/** The record. */
export const permissions: Command = {
  name: "permissions",
  topic: "look",
  summary: "Show the permissions that commands need",
  description:
    "Prints what each command needs; for one command also the flags to run it with from the module. The compiled\n" +
    "program drops everything else when the command starts. With --deno it prints the line that runs the command\n" +
    "with Deno, for sh, bash and zsh, with the permissions for what follows --, and for what the named profiles\n" +
    "rest on: folders and hosts of sign-ins, programs, the AWS CLI's cache. An STS of your own is named by\n" +
    "--endpoint-url or --region.",
  operands: "[COMMAND] [-- ARGUMENT…]",
  options: [{ name: "deno", summary: "Print the line that runs the command with Deno" }],
  examples: [
    { line: "stsaval permissions", summary: "all commands" },
    { line: "stsaval permissions creds", summary: "one command, with its flags for Deno" },
    {
      line:
        "stsaval permissions creds --deno -- --profiles dev --endpoint-url https://sts.example.com",
      summary: "what runs it with Deno, for an STS of one's own",
    },
  ],
  environment: [],
  needs: ["deno-line"],
  run: runPermissions,
};

const columns: readonly Column[] = [{ title: "COMMAND" }, { title: "PERMISSIONS", least: 20 }];

async function runPermissions(invocation: Invocation): Promise<number> {
  const { arguments: given, commands, system } = invocation;
  const words = given.operands;
  if (given.flag("deno")) {
    system.terminal.out(await formatDenoLine(invocation));
    return 0;
  }
  if (given.rest.length > 0) throw new UsageError("Cannot use arguments after -- without --deno");
  const shown = words.length === 0 ? await commands.all() : await named(words, commands);
  if (given.flag("json")) {
    const rows = shown.map((command) => [command.name, describeNeeds(command.needs)]);
    system.terminal.out(`${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
    return 0;
  }
  system.terminal.out(formatTable(columns, shown.flatMap(rowsOf), {
    columns: system.terminal.outIsTerminal ? system.terminal.columns() : undefined,
    color: hasColor(system, "out"),
  }));
  if (shown.length === 1) {
    for (const command of shown) system.terminal.out(await formatFlags(command));
  }
  return 0;
}

/** The command, or all those of a group. */
async function named(
  words: readonly string[],
  commands: CommandDirectory,
): Promise<readonly Command[]> {
  const { command, group, rest: [extra] } = await commands.resolve(words);
  if (extra === undefined) return command === undefined ? group : [command];
  throw new UsageError(`Unexpected argument "${extra}": wanted at most one command`);
}

async function formatDenoLine(
  { arguments: { operands, rest: words }, commands, logger, system }: Invocation,
): Promise<string> {
  const [command, other] = operands.length === 0 ? [] : await named(operands, commands);
  if (command === undefined || other !== undefined) {
    throw new UsageError("Cannot use --deno without a command: wanted one such as creds", {
      hint: "'stsaval help' lists them",
    });
  }
  const given = parseArguments(command, words);
  try {
    await system.files.readText(configFile({ arguments: given, env: system.env }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    logger.warn(
      `permissions: what profiles rest on is left out, the configuration cannot be read: ${why}`,
    );
  }
  return `${await denoLine({ command, words, given }, { ...system, logger })}\n`;
}

/** One row per need; the first one names the command. */
function rowsOf({ name, needs }: Command): string[][] {
  const lines = describeNeeds(needs);
  return lines.map((line, index) => [index === 0 ? name : "", line]);
}

/** Quoted for a shell, which expands `$HOME`. */
async function formatFlags(command: Command): Promise<string> {
  const flags = await permissionFlags(command.needs, {
    arguments: parseArguments(command, []),
    env: { get: (name) => name === "HOME" ? "$HOME" : undefined },
    files: { target: (path) => Promise.resolve(path), list: () => Promise.resolve([]) },
    mfaPrograms: ["PROGRAM"],
    policyFiles: [],
    sharesAwsCache: true,
    sources: new Set(sources),
    programs: [],
    sourceSteps: [],
  }, ["STS_HOST"]);
  return `\nFlags, besides those for files and programs that the command line names:\n${
    flags.map((flag) => `  ${flag.includes("$") ? `"${flag}"` : flag}\n`).join("")
  }`;
}
