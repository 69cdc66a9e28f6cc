/**
 * The result of parsing a command line.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";

/** The options and operands of one command line. */
export class ParsedArguments {
  /** The operands. */
  readonly operands: readonly string[];
  /** The words after `--`, if the command takes another command line there; else they are operands. */
  readonly rest: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  /** Made by `parseArguments`. */
  constructor(
    values: Readonly<Record<string, unknown>>,
    operands: readonly string[],
    rest: readonly string[],
  ) {
    this.#values = values;
    this.operands = operands;
    this.rest = rest;
  }

  /** True if the flag was given, or if a flag that is on by default was not negated. */
  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** True if the flag was negated with `--no-<name>`; never for a command without that flag. */
  isNegated(name: string): boolean {
    return this.#values[name] === false;
  }

  /** The value, or undefined if the option was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** All values of an option that may be repeated. */
  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /**
   * The value as a whole number.
   *
   * @throws {UsageError} when it is not a whole number from `least` to `most`
   */
  wholeNumber(name: string, least = 1, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    throw new UsageError(`Cannot use "${text}" for --${name}: wanted a whole number, ${range}`);
  }
}
