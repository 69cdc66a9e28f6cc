/**
 * Parses simple command lines without the full parser, which is slow to load.
 *
 * @module
 */

import { ParsedArguments } from "./arguments.ts";
import type { CommandOption } from "../command.ts";

/**
 * Parses as `parseArguments` does a line of nothing but names and these options, each once, as `--name value`,
 * `--name=value`, `-n value`, `--flag` or `--no-flag`. Undefined for any other line, valid or not.
 */
export function fastParse(
  options: readonly CommandOption[],
  words: readonly string[],
): ParsedArguments | undefined {
  const given = new Map<string, string | boolean>();
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-") && word !== "") {
      operands.push(word);
      continue;
    }
    const [, no, name, value, letter] = /^(?:--(no-)?([a-z-]+)(?:=([^]*))?|-([a-z]))$/.exec(word) ??
      [];
    const option = options.find((option) =>
      name === undefined
        ? letter !== undefined && letter === option.short
        : name === option.name || name === option.alias
    );
    if (option === undefined || given.has(option.name)) return;
    const isFlag = option.value === undefined;
    if ((option.negated ?? false) !== (no !== undefined)) return;
    const text = isFlag ? value : value ?? words[++index];
    if (isFlag ? text !== undefined : text === undefined || text === "") return;
    given.set(option.name, text ?? no === undefined);
  }
  const values = options.map((option) => [option.name, valueOf(option, given)] as const);
  return new ParsedArguments(Object.fromEntries(values), operands, []);
}

function valueOf(
  { name, value, negated = false, repeatable }: CommandOption,
  given: ReadonlyMap<string, string | boolean>,
): unknown {
  const found = given.get(name);
  if (repeatable) return found === undefined ? [] : [found];
  return found ?? (value === undefined ? negated : undefined);
}
