/**
 * What `stsaval doctor` finds: one thing that is wrong or odd, where it is, and its cure.
 *
 * @module
 */

import type { FilePlace } from "../../errors.ts";
import type { Examined } from "./examined.ts";

/** From the worst on: does not work, works otherwise than expected, worth knowing. */
export const severities = ["error", "warning", "note"] as const;

/** How bad it is. */
export type Severity = typeof severities[number];

/** A change that loses nothing. */
export type Fix =
  | {
    readonly kind: "lines";
    readonly file: string;
    /** Counts from 1. */
    readonly line: number;
    /** The lines in its place. */
    readonly replacement: readonly string[];
  }
  | { readonly kind: "mode"; readonly file: string; readonly before: number }
  | { readonly kind: "remove"; readonly file: string };

/** One thing that is wrong or odd. */
export interface Finding {
  readonly severity: Severity;
  /** What is wrong: upper case first, no period. Never a secret. */
  readonly message: string;
  /** Where it is, if it is in a file. */
  readonly place?: FilePlace | undefined;
  /** What to do about it, preferably a command. */
  readonly cure: string;
  /** What `--fix` does about it, where that is safe. */
  readonly fix?: Fix | undefined;
}

/** One check: a row of the table. */
export interface Check {
  /** Stable, for scripts: "file-mode". */
  readonly name: string;
  /** What it looks at, for the documentation, in one line. */
  readonly summary: string;
  /** What it finds on the machine. */
  run(examined: Examined): readonly Finding[] | Promise<readonly Finding[]>;
}

/** A finding with the name of the check that made it. */
export interface NamedFinding extends Finding {
  readonly check: string;
}
