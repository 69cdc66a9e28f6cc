/**
 * What a shell needs to complete a command line, derived from the command records.
 *
 * @module
 */

import type { Command, CommandOption } from "../../command.ts";
import { globalOptions } from "../../options.ts";
import { takesProgram } from "../../parse/parse.ts";

/** The values that a position takes: one of `words`, the name of something, or anything. */
export interface Values {
  readonly kind:
    | "any"
    | "file"
    | "folder"
    | "command"
    | "profile"
    | "profiles"
    | "profileList"
    | "words";
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

/** One command as it is typed; its name may be two words. */
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
  return commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    options: [...command.options, ...globalOptions].flatMap(completedOptions),
    operands: operandValues(command.operands ?? ""),
    runsProgram: takesProgram(command),
  }));
}

/** The first words of all commands, each with what it does; for a word that is no command, with its commands. */
export function firstWords(
  commands: readonly CompletedCommand[],
): readonly (readonly [word: string, summary: string])[] {
  const words = new Map<string, string>();
  for (const { name, summary } of commands) {
    const [first = "", second] = name.split(" ");
    if (second === undefined) words.set(first, summary);
    else if (!commands.some(({ name }) => name === first)) {
      words.set(first, [...(words.get(first)?.split(", ") ?? []), second].join(", "));
    }
  }
  return [...words];
}

/** The commands of two words, taken apart. */
export function twoWordCommands(
  commands: readonly CompletedCommand[],
): readonly { readonly first: string; readonly second: string; readonly summary: string }[] {
  return commands.flatMap(({ name, summary }) => {
    const [first = "", second] = name.split(" ");
    return second === undefined ? [] : [{ first, second, summary }];
  });
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

/** An option, and its other long name as another one. */
function completedOptions(option: CommandOption): readonly CompletedOption[] {
  const { name, alias, short, value, choices, negated, repeatable = false, summary } = option;
  const values = value === undefined ? undefined : optionValues(name, value, choices);
  const completed = {
    long: `--${negated ? "no-" : ""}${name}`,
    short: short === undefined ? undefined : `-${short}`,
    ...{ summary, repeatable, values },
  };
  if (alias === undefined) return [completed];
  return [completed, { ...completed, long: `--${alias}`, short: undefined }];
}

function optionValues(
  name: string,
  placeholder: string,
  words: readonly string[] | undefined,
): Values {
  if (words !== undefined) return { kind: "words", words, placeholder };
  const kind = name === "profiles"
    ? "profileList"
    : name.endsWith("profile")
    ? "profile"
    : placeholderKind(placeholder);
  return { kind, words: [], placeholder };
}

/** `[COMMAND]`, `[PROFILE…]`, `FILE`, `bash|zsh|fish`; what follows `--` is another matter. */
function operandValues(operands: string): Values | undefined {
  const [own = ""] = operands.split(/(?:^|\s)\[?--\s/, 1);
  if (own === "") return undefined;
  const placeholder = own.replaceAll(/[[\]…]/g, "");
  const words = placeholder.split("|");
  if (words.length > 1) return { kind: "words", words, placeholder };
  if (placeholder === "COMMAND") return { kind: "command", words: [], placeholder };
  if (placeholder !== "PROFILE") {
    return { kind: placeholderKind(placeholder), words: [], placeholder };
  }
  return { kind: own.includes("…") ? "profiles" : "profile", words: [], placeholder };
}

function placeholderKind(placeholder: string): "any" | "file" | "folder" {
  return placeholder === "FILE" ? "file" : placeholder === "DIR" ? "folder" : "any";
}
