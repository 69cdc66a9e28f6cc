/**
 * Parses the arguments of a command by its record.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../errors.ts";
import { nearestName } from "../../nearest.ts";
import { ParsedArguments } from "./arguments.ts";
import type { Command, CommandOption } from "../command.ts";
import { globalOptions } from "../options.ts";

/** The part of a command record that the argument parser needs. */
export interface Grammar extends Pick<Command, "name" | "operands" | "options"> {
  /**
   * How the command line begins where it is no command of stsaval, such as "deno task compile". Of the global options it
   * takes `--help` alone.
   */
  readonly program?: string;
}

/** All options that the grammar takes. */
export function optionsOf({ options, program }: Grammar): readonly CommandOption[] {
  const shared = globalOptions.filter(({ name }) => program === undefined || name === "help");
  return [...options, ...shared];
}

function lineOf({ name, program }: Grammar): string {
  return program ?? `stsaval ${name}`;
}

function helpOf({ name, program }: Grammar): string {
  return program === undefined ? `'stsaval help ${name}'` : `'${program} --help'`;
}

/** True for a command whose words after `--` are another program's command line. */
export function takesProgram({ operands = "" }: Pick<Grammar, "operands">): boolean {
  return /(?:^|\s)--\s/.test(operands);
}

/**
 * Parses the words after the command's name.
 *
 * @throws {UsageError} for an unknown option, a missing or repeated value, an unexpected operand
 */
export function parseArguments(command: Grammar, words: readonly string[]): ParsedArguments {
  const options = optionsOf(command);
  const joined = joinValues(words, command, options);
  rejectFlagValues(joined, command, options);
  rejectReservedKey(joined, command, options);
  const parsed = parseArgs(joined, {
    boolean: options.filter((option) => option.value === undefined).map((option) => option.name),
    string: [...options.filter((option) => option.value !== undefined).map((o) => o.name), "_"],
    collect: options.filter((option) => option.value !== undefined).map((option) => option.name),
    negatable: options.filter((option) => option.negated).map((option) => option.name),
    alias: Object.fromEntries(
      options.flatMap(({ short, name }) => short === undefined ? [] : [[short, name]]),
    ),
    default: Object.fromEntries(options.flatMap((o) => o.negated ? [[o.name, true]] : [])),
    "--": true,
    unknown: (word, key) => {
      if (key !== undefined) throw unknownOption(word, command, options);
    },
  });
  const end = parsed["--"] ?? [];
  const takesRest = /(?:^|\s|\[)--\s/.test(command.operands ?? "");
  const operands = [...parsed._.map(String), ...(takesRest ? [] : end)];
  if (operands.length > 0 && command.operands === undefined) {
    throw unexpectedOperand(command, operands[0] ?? "");
  }
  const values = Object.fromEntries(options.map((o) => [o.name, valueOf(o, parsed[o.name])]));
  return new ParsedArguments(values, operands, takesRest ? end : []);
}

/** `--format json`, `-fjson`, `--alias=json` → `--format=json`, so that a value may begin with a dash or be one. */
function joinValues(
  words: readonly string[],
  command: Grammar,
  options: readonly CommandOption[],
): string[] {
  const joined: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") return [...joined, ...words.slice(index)];
    const name = /^-([a-z][a-z-]+)(?:=|$)/.exec(word)?.[1];
    if (name !== undefined && options.some((one) => one.name === name || one.alias === name)) {
      throw unknownOption(word, command, options);
    }
    const option = options.find((option) => option.value !== undefined && begins(option, word));
    if (option === undefined) {
      joined.push(word);
      continue;
    }
    const attached = /^--[^=]*(?:=([^]*))?$|^-.=?([^]+)?$/.exec(word) ?? [];
    const value = attached[1] ?? attached[2] ?? words[++index];
    if (value === undefined || value === "") throw missingValue(option, word);
    joined.push(`--${option.name}=${value}`);
  }
  return joined;
}

/** Whether a word begins this option that takes a value. */
function begins({ name, alias, short }: CommandOption, word: string): boolean {
  const [long] = word.split("=", 1);
  return long === `--${name}` || (alias !== undefined && long === `--${alias}`) ||
    (short !== undefined && word.startsWith(`-${short}`));
}

/** `--all=no` would turn the flag on. */
function rejectFlagValues(
  words: readonly string[],
  command: Grammar,
  options: readonly CommandOption[],
): void {
  const flags = options.filter(({ value }) => value === undefined);
  const names = flags.flatMap(({ name, negated }) => [
    `--${name}`,
    ...(negated ? [`--no-${name}`] : []),
  ]);
  const letters = new RegExp(`^-[${flags.map(({ short = "" }) => short).join("")}]+$`);
  for (const word of words) {
    if (word === "--") return;
    const [given = word] = word.split("=", 1);
    if (given === word || !(names.includes(given) || letters.test(given))) continue;
    throw new UsageError(`Cannot use "${word}": ${given} takes no value`, {
      hint: `see ${helpOf(command)}`,
    });
  }
}

function valueOf(option: CommandOption, value: unknown): unknown {
  if (option.value === undefined) return value === true;
  const values = Array.isArray(value) ? value.map(String) : [];
  if (values.some((text) => text === "")) throw missingValue(option);
  if (option.repeatable) return values;
  if (values.length > 1) {
    throw new UsageError(`Cannot use --${option.name} more than once`);
  }
  return values[0];
}

function missingValue({ name, value }: CommandOption, word = `--${name}`): UsageError {
  const [given = word] = word.split("=", 1);
  return new UsageError(`Cannot use ${given} without a value: wanted ${given} ${value}`);
}

/** The parser stores the operands under the key `_`, so `--_` would collide with it. */
function rejectReservedKey(
  words: readonly string[],
  command: Grammar,
  options: readonly CommandOption[],
): void {
  const end = words.indexOf("--");
  const own = words.slice(0, end < 0 ? undefined : end).find((word) => /^-+_/.test(word));
  if (own !== undefined) throw unknownOption(own, command, options);
}

function unknownOption(
  word: string,
  command: Grammar,
  options: readonly CommandOption[],
): UsageError {
  const [given = word] = word.split("=");
  const names = options.flatMap(({ name, alias, negated }) => [
    `--${negated ? "no-" : ""}${name}`,
    ...(alias === undefined ? [] : [`--${alias}`]),
  ]);
  const nearest = nearestName(given, names);
  return new UsageError(`Unknown option "${given}" for '${lineOf(command)}'`, {
    hint: nearest === undefined
      ? `see ${helpOf(command)}`
      : `did you mean ${nearest}? See ${helpOf(command)}`,
  });
}

function unexpectedOperand(command: Grammar, word: string): UsageError {
  return new UsageError(`Unexpected argument "${word}" for '${lineOf(command)}'`, {
    hint: `see ${helpOf(command)}`,
  });
}
