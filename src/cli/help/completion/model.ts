/**
 * What a shell needs to complete a command line, derived from the command records.
 *
 * @module
 */

import type { Command, CommandOption } from "../../command.ts";
import { globalOptions } from "../../options.ts";

/** The values that a position takes: one of `words`, the name of something, or anything. */
export interface Values {
  readonly kind: "any" | "file" | "folder" | "profile" | "profiles" | "words";
  /** The words of the kind "words"; empty for the others. */
  readonly words: readonly string[];
  /** The placeholder in help, such as "FILE". */
  readonly placeholder: string;
}

/** One option as it is typed. */
export interface CompletedOption {
  /** With its dashes. */
  readonly long: string;
  /** With its dash. */
  readonly short: string | undefined;
  readonly summary: string;
  readonly repeatable: boolean;
  /** Undefined for a flag. */
  readonly values: Values | undefined;
}

/** One command as it is typed. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Undefined if only options are allowed. */
  readonly operands: Values | undefined;
  /** True where the words after `--` are another program's command line. */
  readonly runsProgram: boolean;
}

/** The commands with all of their options, in the order of help. */
export function completedCommands(commands: readonly Command[]): readonly CompletedCommand[] {
  const names = commands.map(({ name }) => name);
  return commands.map(({ name, summary, options, operands = "" }) => ({
    name,
    summary,
    options: [...options, ...globalOptions].map(completedOption),
    operands: operandValues(operands, names),
    runsProgram: operands.startsWith("--"),
  }));
}

/** Every option once, with the commands that take it in exactly this form. */
export function sharedOptions(
  commands: readonly CompletedCommand[],
): readonly (readonly [CompletedOption, readonly string[]])[] {
  const shared = new Map<string, [CompletedOption, string[]]>();
  for (const { name, options } of commands) {
    for (const option of options) {
      const key = JSON.stringify(option);
      const row = shared.get(key) ?? [option, []];
      row[1].push(name);
      shared.set(key, row);
    }
  }
  return [...shared.values()];
}

function completedOption(option: CommandOption): CompletedOption {
  const { name, short, value, choices, negated, repeatable = false, summary } = option;
  return {
    long: `--${negated ? "no-" : ""}${name}`,
    short: short === undefined ? undefined : `-${short}`,
    summary,
    repeatable,
    values: value === undefined ? undefined : optionValues(name, value, choices),
  };
}

function optionValues(
  name: string,
  placeholder: string,
  words: readonly string[] | undefined,
): Values {
  if (words !== undefined) return { kind: "words", words, placeholder };
  if (name === "profile" || name === "profiles") return { kind: name, words: [], placeholder };
  return { kind: placeholderKind(placeholder), words: [], placeholder };
}

/** `[COMMAND]`, `PROFILE…`, `FILE`, `bash|zsh|fish`; not what follows `--`. */
function operandValues(operands: string, commandNames: readonly string[]): Values | undefined {
  if (operands === "" || operands.startsWith("--")) return undefined;
  const placeholder = operands.replaceAll(/[[\]…]/g, "");
  const words = placeholder === "COMMAND" ? commandNames : placeholder.split("|");
  if (words.length > 1) return { kind: "words", words, placeholder };
  if (placeholder === "PROFILE") return { kind: "profile", words: [], placeholder };
  return { kind: placeholderKind(placeholder), words: [], placeholder };
}

function placeholderKind(placeholder: string): "any" | "file" | "folder" {
  return placeholder === "FILE" ? "file" : placeholder === "DIR" ? "folder" : "any";
}
