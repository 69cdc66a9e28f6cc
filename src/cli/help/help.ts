/**
 * Help, made from the command's record.
 *
 * @module
 */

import { errorTable } from "../../errors.ts";
import { type Command, type CommandOption, topics } from "../command.ts";
import { describeNeeds } from "../permissions/needs.ts";
import { globalOptions } from "../options.ts";

/** The list of commands: what `stsaval help` shows. */
export function formatOverview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const listed = Object.entries(topics).map(([topic, title]) => {
    const rows = commands.filter((command) => command.topic === topic).map(toRow);
    return section(title, alignRows(rows, width));
  });
  return [
    "stsaval: one MFA code, the credentials of all your AWS roles",
    "",
    section("USAGE", ["stsaval COMMAND [OPTIONS]"]),
    ...listed,
    section(
      "OPTIONS",
      alignRows([
        ["-h, --help", "Show this list; after a command, its help"],
        ["-V, --version", "Show the version; with --verbose, what it was built from"],
      ], width),
    ),
    section("EXAMPLES", [
      "stsaval creds dev qa prod",
      "stsaval exec dev -- terraform plan",
      "stsaval help creds",
    ]),
  ].join("\n");
}

/** The help of one command; `group` are those whose names begin with its name. */
export function formatHelp(command: Command, group: readonly Command[] = []): string {
  const words = ["stsaval", command.name, "[OPTIONS]", command.operands ?? ""];
  const options = [...command.options, ...globalOptions];
  const rule = profileRule(command);
  const sections = [
    `stsaval ${command.name}: ${command.summary}`,
    "",
    command.description,
    "",
    section("USAGE", [words.filter((word) => word !== "").join(" ")]),
    ...(group.length === 0 ? [] : [section("COMMANDS", alignRows(group.map(toRow)))]),
    ...(rule.length === 0 ? [] : [section("PROFILE", rule)]),
    formatOptions(options),
    section("EXAMPLES", command.examples.flatMap(({ line, summary }) => [`# ${summary}`, line])),
    section("ENVIRONMENT", orNone(command.environment)),
    section("EXIT CODES", alignRows(exitCodes())),
    section("PERMISSIONS", orNone(describeNeeds(command.needs))),
  ];
  return sections.join("\n");
}

/** The section about options. */
export function formatOptions(options: readonly CommandOption[]): string {
  return section("OPTIONS", alignRows(options.map((option) => [spell(option), option.summary])));
}

/** The help of the commands that share their first word, where the word alone is no command. */
export function formatGroup(name: string, group: readonly Command[]): string {
  return [
    `stsaval ${name}: ${group.length} commands`,
    "",
    section("USAGE", [`stsaval ${name} COMMAND [OPTIONS]`]),
    section("COMMANDS", alignRows(group.map(toRow))),
    section("EXAMPLES", group.map((command) => `stsaval help ${command.name}`)),
  ].join("\n");
}

/** What PROFILE among the operands may be, and what it is when it is left out: one rule for all commands. */
export function profileRule({ operands = "", unnamed = "profile" }: Command): readonly string[] {
  if (!operands.includes("PROFILE")) return [];
  const named = "AWS_PROFILE, else AWS_DEFAULT_PROFILE, else the";
  const defaults = {
    profile: `Without one: ${named} default chain, else the only profile.`,
    user: `Without one: ${named} profile default, else the only one with keys.`,
    everything: "Without one: everything there is.",
  };
  const what = operands.includes("PROFILE…")
    ? "Profiles, groups, patterns such as '*-dev', or lists with commas (a,b)."
    : "A profile, or a group or pattern ('*-dev') that stands for one.";
  const picked = "Else, on a terminal, the one that you pick from a list.";
  return unnamed === "everything" ? [what, defaults.everything] : [what, defaults[unnamed], picked];
}

function toRow({ name, summary }: Command): Row {
  return [name, summary];
}

type Row = readonly [string, string];

/** `-v, --verbose`, `--format FORMAT`, `--no-strict`. */
function spell({ name, short, value, negated }: CommandOption): string {
  const long = `--${negated ? "no-" : ""}${name}${value === undefined ? "" : ` ${value}`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** Each exit status once, with all its meanings. */
export function exitCodes(): Row[] {
  const meanings = new Map<string, string>([["0", "done"]]);
  for (const { exit, meaning } of Object.values(errorTable)) {
    const earlier = meanings.get(String(exit));
    if (earlier?.includes(meaning)) continue;
    meanings.set(String(exit), earlier === undefined ? meaning : `${earlier}; or ${meaning}`);
  }
  return [...meanings];
}

function alignRows(
  rows: readonly Row[],
  width = Math.max(...rows.map(([left]) => left.length)),
): string[] {
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["none"] : lines;
}
