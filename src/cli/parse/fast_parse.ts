/**
 * Parses simple command lines without the full parser, which is slow to load.
 *
 * @module
 */

import { ParsedArguments } from "./arguments.ts";
import type { CommandOption } from "../command.ts";

/**
 * Parses as `parseArguments` does a line of nothing but these options, each once, as `--name value`, `--name=value` or
 * `--flag`. Undefined for any other line, valid or not.
 */
export function fastParse(
  options: readonly CommandOption[],
  words: readonly string[],
): ParsedArguments | undefined {
  const given = new Map<string, string | boolean>();
  for (let index = 0; index < words.length; index++) {
    const [, name = "", value] = /^--([a-z-]+)(?:=([^]*))?$/.exec(words[index] ?? "") ?? [];
    const option = options.find((option) => option.name === name);
    if (option === undefined || option.negated || option.repeatable || given.has(name)) return;
    const isFlag = option.value === undefined;
    const text = isFlag ? value : value ?? words[++index];
    if (isFlag ? text !== undefined : text === undefined || text === "") return;
    given.set(name, text ?? true);
  }
  const values = options.map(({ name, value, negated = false }) =>
    [name, given.get(name) ?? (value === undefined ? negated : undefined)] as const
  );
  return new ParsedArguments(Object.fromEntries(values), [], []);
}
