/**
 * The reference, made from the records of the program: commands, settings, variables, formats, errors and exit codes.
 *
 * @module
 */

import type { Command, CommandOption } from "../../src/cli/command.ts";
import { topics } from "../../src/cli/command.ts";
import { commands as directory } from "../../src/cli/commands.ts";
import { networkEnvironment, profileEnvironment } from "../../src/cli/help/environment.ts";
import { exitCodes, profileRule } from "../../src/cli/help/help.ts";
import { globalOptions } from "../../src/cli/options.ts";
import { describeNeeds, needTable } from "../../src/cli/permissions/needs.ts";
import { type ProfileField, settingNames } from "../../src/config/profile.ts";
import { errorTable } from "../../src/errors.ts";
import { formats } from "../../src/output/format.ts";
import { settingMeanings } from "./settings.ts";

const note = "<!-- Made from the program's records by 'deno task docs'. Do not edit. -->";

/** The text of each page, by its path from the root of the repository. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const commands = await directory.all();
  return new Map([
    ["docs/reference/commands.md", commandsPage(commands)],
    ["docs/reference/configuration.md", configurationPage()],
    ["docs/reference/variables.md", variablesPage(commands)],
    ["docs/reference/formats.md", formatsPage()],
    ["docs/reference/exit_codes.md", exitCodesPage()],
  ]);
}

function page(title: string, ...parts: readonly string[]): string {
  return [`# ${title}`, note, ...parts].join("\n\n") + "\n";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text}\``;

function commandsPage(commands: readonly Command[]): string {
  const listed = Object.entries(topics).map(([topic, title]) => {
    const rows = commands.filter((command) => command.topic === topic);
    const heading = `${title[0]}${title.slice(1).toLowerCase()}`;
    return `**${heading}**\n\n` + table(
      ["command", "what it does"],
      rows.map((
        { name, summary },
      ) => [`[${code(`stsaval ${name}`)}](#stsaval-${name.replaceAll(" ", "-")})`, summary]),
    );
  });
  return page(
    "Commands",
    "`stsaval help COMMAND` shows the same.",
    ...listed,
    "## Options of every command",
    optionsTable(globalOptions),
    ...commands.flatMap(commandParts),
  );
}

function commandParts(command: Command): readonly string[] {
  const { name, operands, summary, description, options, examples, needs } = command;
  const usage = ["stsaval", name, "[OPTIONS]", operands ?? ""].filter((word) => word !== "");
  const rule = profileRule(command);
  return [
    `## stsaval ${name}`,
    `${summary}.`,
    `\`\`\`text\n${usage.join(" ")}\n\`\`\``,
    description.replaceAll("<", "&lt;"),
    ...(rule.length === 0 ? [] : [`PROFILE: ${rule.join(" ")}`]),
    ...(options.length === 0 ? [] : [optionsTable(options)]),
    `\`\`\`sh\n${examples.map(({ line, summary }) => `# ${summary}\n${line}`).join("\n")}\n\`\`\``,
    ...(needs.length === 0 ? [] : [`Permissions: ${describeNeeds(needs).join("; ")}.`]),
  ];
}

function optionsTable(options: readonly CommandOption[]): string {
  return table(
    ["option", "meaning"],
    options.map((option) => [code(spell(option)), option.summary]),
  );
}

function spell({ name, short, value, negated }: CommandOption): string {
  const long = `--${negated ? "no-" : ""}${name}${value === undefined ? "" : ` ${value}`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function configurationPage(): string {
  const fields = Object.keys(settingNames) as ProfileField[];
  const rows = fields.map((field) => [code(settingNames[field]), settingMeanings[field]]);
  return page(
    "Configuration",
    "stsaval reads `~/.aws/config` and `~/.aws/credentials` as the AWS CLI and the SDKs do. These settings of a " +
      "profile count; all others are left to the tools that know them.",
    table(["setting", "meaning"], rows),
    "## Sections",
    table(["section", "holds"], [
      ["`[profile NAME]`, `[default]`", "a profile, in the config file"],
      ["`[NAME]`", "the keys of a profile, in the credentials file"],
      ["`[sso-session NAME]`", "a sign-in to IAM Identity Center, which profiles name"],
      ["`[services NAME]`", "endpoints, which profiles name"],
      ["`[stsaval-group NAME]`", "`profiles = a, b-*, other-group`: a name for several profiles"],
    ]),
  );
}

/** Of lines such as "A, B: what they are". */
function variableRows(commands: readonly Command[]): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const line of [...profileEnvironment, ...networkEnvironment]) lines.set(line, "");
  for (const { environment } of commands) for (const line of environment) lines.set(line, "");
  return new Map([...lines.keys()].map((line) => {
    const [names = "", ...meaning] = line.split(": ");
    return [names, meaning.join(": ")];
  }));
}

function variablesPage(commands: readonly Command[]): string {
  const rows = variableRows(commands);
  const read = new Set(
    Object.values(needTable).flatMap((need) => "environment" in need ? need.environment : []),
  );
  const told = [...rows.keys()].join(", ");
  const others = [...read].filter((name) => !told.split(/[, ]+/).includes(name)).sort();
  return page(
    "Environment variables",
    table(
      ["variable", "meaning"],
      [...rows].map(([names, meaning]) => [names.split(", ").map(code).join(", "), meaning]),
    ),
    "## Also read",
    "By some commands, as AWS's own tools read them, or to remove them from the environment of a program that is run:",
    others.map(code).join(", ") + ".",
  );
}

function formatsPage(): string {
  return page(
    "Formats",
    "What `--format` takes. `env` is also called `bash`, `sh`, `zsh`, `ksh` and `dash`, and `powershell` `pwsh`.",
    table(
      ["format", "what it is", "secrets"],
      formats.map(({ name, summary, holdsSecrets }) => [
        code(name),
        summary,
        holdsSecrets ? "yes" : "only with `--show-secrets`",
      ]),
    ),
  );
}

function exitCodesPage(): string {
  return page(
    "Exit codes",
    table(["code", "meaning"], exitCodes().map(([status, meaning]) => [status, meaning])),
    "`exec` ends with the status of the program that it ran.",
    "## Error codes",
    'With `--json`, an error is one line on standard error: `{"error":{"code":"PROFILE","message":"…","hint":"…"}}`. ' +
      "The classes of the module have the same code.",
    table(
      ["code", "exit", "meaning"],
      Object.entries(errorTable).map((
        [name, { exit, meaning }],
      ) => [code(name), String(exit), meaning]),
    ),
  );
}
