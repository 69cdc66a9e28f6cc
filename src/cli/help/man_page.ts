/**
 * The man page `stsaval.1`, made from the records of the commands, in the macros of man(7).
 *
 * @module
 */

import type { Command, CommandOption } from "../command.ts";
import { exitCodes, profileRule } from "./help.ts";
import { describeNeeds } from "../permissions/needs.ts";
import { globalOptions } from "../options.ts";

/** The page, for `man -l` or for a `man1` folder. The same version gives the same bytes: it carries no date. */
export function formatManPage(commands: readonly Command[], version: string): string {
  return [
    `.TH STSAVAL 1 "" "stsaval ${escapeText(version)}" "User Commands"`,
    ...section("NAME", [
      String.raw`stsaval \- one MFA code, the credentials of all your AWS roles`,
    ]),
    ...section("SYNOPSIS", [
      ".B stsaval",
      ".I COMMAND",
      "[\\fIOPTIONS\\fR]",
      ".br",
      ".B stsaval help",
      "[\\fICOMMAND\\fR]",
    ]),
    ...section("COMMANDS", commands.flatMap(commandLines)),
    ...section("OPTIONS OF EVERY COMMAND", globalOptions.flatMap(optionLines)),
    ...section("ENVIRONMENT", environmentOf(commands).flatMap(termLines)),
    ...section("EXIT STATUS", exitCodes().flatMap(termLines)),
    ...section("FILES", files.flatMap(termLines)),
    ...section("SEE ALSO", [String.raw`.BR aws (1)`]),
    "",
  ].join("\n");
}

type Term = readonly [term: string, text: string];

const files: readonly Term[] = [
  ["~/.aws/config, ~/.aws/credentials", "The profiles, as the AWS SDKs read them"],
];

function section(title: string, lines: readonly string[]): string[] {
  return [`.SH ${title.includes(" ") ? `"${title}"` : title}`, ...lines];
}

function commandLines(command: Command): string[] {
  const { name, summary, description, operands, options, examples, needs } = command;
  const words = [`stsaval ${name}`, "[OPTIONS]", operands ?? ""].filter((word) => word !== "");
  return [
    `.SS "${escapeText(words.join(" "))}"`,
    escapeText(`${summary}.`),
    ".PP",
    ...description.split("\n").flatMap(descriptionLines),
    ...profileRule(command).flatMap((line) => [".PP", escapeText(line)]),
    ...options.flatMap(optionLines),
    ...examples.flatMap(({ line, summary }) => exampleLines(line, summary)),
    ...(needs.length === 0
      ? []
      : [".PP", escapeText(`Permissions: ${describeNeeds(needs).join("; ")}.`)]),
  ];
}

/** An indented line stands as it is. */
function descriptionLines(line: string): string[] {
  return line.startsWith("  ") ? [".br", escapeText(line.trim()), ".br"] : [escapeText(line)];
}

/** `-v, --verbose`, `--format FORMAT`, `--no-strict`. */
function optionLines({ name, alias, short, value, negated, summary }: CommandOption): string[] {
  const spelled = [`--${negated ? "no-" : ""}${name}`];
  if (alias !== undefined) spelled.push(`--${alias}`);
  if (short !== undefined) spelled.unshift(`-${short}`);
  const names = spelled.map((text) => `\\fB${escapeText(text)}\\fR`).join(", ");
  const placeholder = value === undefined ? "" : ` \\fI${escapeText(value)}\\fR`;
  return [".TP", `${names}${placeholder}`, escapeText(summary)];
}

function exampleLines(line: string, summary: string): string[] {
  return [".PP", escapeText(`${summary}:`), ".PP", ".nf", `.RS`, escapeText(line), ".RE", ".fi"];
}

function termLines([term, text]: Term): string[] {
  return [".TP", `\\fB${escapeText(term)}\\fR`, escapeText(text)];
}

/** Each variable once, in the order of the commands: "NAME, NAME: what it is for". */
function environmentOf(commands: readonly Command[]): Term[] {
  const rows = new Set(commands.flatMap(({ environment }) => environment));
  return [...rows].map((row) => {
    const colon = row.indexOf(": ");
    return [row.slice(0, colon), row.slice(colon + 2)];
  });
}

/** Text that roff shows as it is: a hyphen that can be searched for and copied, no macro, no escape, ASCII only. */
function escapeText(text: string): string {
  return text
    .replaceAll("\\", String.raw`\e`)
    .replaceAll("-", String.raw`\-`)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll("'", String.raw`\(aq`)
    .replaceAll("`", String.raw`\(ga`)
    .replaceAll("^", String.raw`\(ha`)
    .replaceAll("~", String.raw`\(ti`)
    .replaceAll(/[\u{80}-\u{10ffff}]/gu, unicodeEscape)
    .replace(/^\./, String.raw`\&.`);
}

function unicodeEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\[u${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}
