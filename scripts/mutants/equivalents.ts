/**
 * Mutants that no test can tell from the program, and why.
 *
 * @module
 */

import { changedLines, type Mutant } from "./mutant.ts";

/** A row of the table. */
export interface EquivalentMutant {
  readonly file: string;
  /** The changed lines, without the blanks around them. */
  readonly before: string;
  readonly after: string;
  /** Why the two do the same. */
  readonly reason: string;
}

/** The table. A row whose `before` is no longer in the file is an error, so that none outlives its code. */
export const equivalentMutants: readonly EquivalentMutant[] = [];

/** The row of a mutant, where it has one. */
export function equivalentOf(
  source: string,
  mutant: Mutant,
  table: readonly EquivalentMutant[] = equivalentMutants,
): EquivalentMutant | undefined {
  const { before, after } = changedLines(source, mutant);
  return table.find((row) =>
    row.file === mutant.file && row.before === before.trim() && row.after === after.trim()
  );
}
