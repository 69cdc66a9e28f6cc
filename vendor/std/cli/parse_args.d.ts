/**
 * The types of `@std/cli/parse-args`, plainer than the real ones: see ../README.md.
 *
 * @module
 */

/** What {@linkcode parseArgs} is told about the flags. */
export interface ParseOptions {
  /** Puts what follows `--` into `result["--"]` instead of `result._`. */
  "--"?: boolean;
  /** Other names of a flag. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** The flags without a value; `true` for all that have no `=`. */
  boolean?: boolean | string | readonly string[];
  /** The values of flags that were not given. */
  default?: Readonly<Record<string, unknown>>;
  /** The flags whose values are never made numbers. */
  string?: string | readonly string[];
  /** The flags that may be repeated; their value is an array. */
  collect?: string | readonly string[];
  /** The flags that `--no-` turns off. */
  negatable?: string | readonly string[];
  /** Puts everything from the first operand on into `result._`. */
  stopEarly?: boolean;
  /** Called for each argument that is not declared; `false` leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Flags by name, operands under `_`, and what followed `--` when that was asked for. */
export type Args = Record<string, unknown> & { _: (string | number)[]; "--"?: string[] };

/** Splits a command line into flags and operands. */
export function parseArgs(args: string[], options?: ParseOptions): Args;
