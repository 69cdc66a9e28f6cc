/**
 * A command line of which only the options are known: those of all our commands, and those of neighbouring tools.
 *
 * @module
 */

import { nearestName } from "../../nearest.ts";
import type { CommandOption } from "../command.ts";
import { findForeignOption } from "./foreign_options.ts";

/** What follows a verb, taken apart. */
export interface ForeignLine {
  /** The words that are no options. */
  readonly operands: readonly string[];
  /** The values of `--profile` and the like. */
  readonly profiles: readonly string[];
  /** The other options in our spelling, each followed by its value; those without meaning here are left out. */
  readonly options: readonly string[];
  /** The words after `--`, or after the profile; undefined where there are none. */
  readonly program: readonly string[] | undefined;
  /** Options that nothing is known of. */
  readonly unknown: readonly string[];
  /** All words as they were typed, without `--profile` and its value. */
  readonly others: readonly string[];
}

/** Takes words apart. `options` are ours, which count first; `runs` where another program follows the profile. */
export function readForeignLine(
  words: readonly string[],
  options: readonly CommandOption[],
  runs = false,
): ForeignLine {
  const operands: string[] = [];
  const profiles: string[] = [];
  const kept: string[] = [];
  const unknown: string[] = [];
  const others: string[] = [];
  let index = 0;
  const end = (program?: readonly string[]) => ({
    operands,
    profiles,
    options: kept,
    program,
    unknown,
    others,
  });
  for (; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") return end(words.slice(index + 1));
    const isOperand = !word.startsWith("-") || word === "-";
    if (isOperand && runs && operands.length + profiles.length > 0) {
      return end(words.slice(index).filter((one) => one !== "--"));
    }
    if (isOperand) operands.push(word);
    const [name = word, attached] = splitOnce(word);
    const spelled = isOperand ? undefined : spellOption(name, options);
    const value = spelled?.takesValue
      ? (attached ?? words[++index]) || spelled.placeholder
      : attached;
    const isFlagWithValue = spelled?.takesValue === false && attached !== undefined;
    if (!isOperand && (spelled === undefined || isFlagWithValue)) unknown.push(name);
    if (spelled?.name === "--profile") profiles.push(...one(value));
    else others.push(word, ...(attached === undefined && !isOperand ? one(value) : []));
    if (spelled?.name !== undefined && spelled.name !== "--profile") {
      kept.push(spelled.name, ...one(value));
    }
  }
  return end();
}

interface SpelledOption {
  /** Undefined where it has no meaning here. */
  readonly name: string | undefined;
  readonly takesValue: boolean;
  /** What stands for a value that is missing. */
  readonly placeholder: string;
}

/** An option in our spelling: as it is, with hyphens, in lower case, with two dashes, a neighbour's, or the nearest. */
function spellOption(word: string, options: readonly CommandOption[]): SpelledOption | undefined {
  const ours = findOption(word, options);
  if (ours !== undefined) return ours;
  const hyphens = `--${word.replace(/^-+/, "")}`
    .replaceAll("_", "-").replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
  const respelled = word.length > 2 ? findOption(hyphens, options) : undefined;
  if (respelled !== undefined) return respelled;
  const foreign = findForeignOption(word);
  if (foreign !== undefined) {
    return { name: foreign.ours, takesValue: foreign.takesValue, placeholder: "VALUE" };
  }
  const nearest = nearestName(hyphens, options.flatMap(spellings));
  return nearest === undefined ? undefined : findOption(nearest, options);
}

function findOption(word: string, options: readonly CommandOption[]): SpelledOption | undefined {
  const option = options.find((option) => spellings(option).includes(word));
  if (option === undefined) return undefined;
  const { name, value, negated } = option;
  const isProfile = name === "profiles" || name === "profile";
  return {
    name: isProfile ? "--profile" : `--${negated ? "no-" : ""}${name}`,
    takesValue: value !== undefined,
    placeholder: isProfile ? "PROFILE" : value ?? "",
  };
}

function spellings({ name, alias, short, negated }: CommandOption): string[] {
  return [
    `--${negated ? "no-" : ""}${name}`,
    ...one(alias).map((other) => `--${other}`),
    ...one(short).map((letter) => `-${letter}`),
  ];
}

function splitOnce(word: string): string[] {
  const at = word.indexOf("=");
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function one(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}
