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
export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    file: "src/testing/signing/signature.ts",
    before: "this.#derived.set(name, derived);",
    after: ";",
    reason: "A derived key that is not kept is derived anew: only the time differs",
  },
  {
    file: "src/testing/signing/signature.ts",
    before: "constructor(kept = 1000) {",
    after: "constructor(kept = 1001) {",
    reason: "How many derived keys are kept changes the memory and the time, and no result",
  },
  {
    file: "src/testing/signing/signature.ts",
    before: 'if (!rows.some(([, value]) => value.includes(", "))) return;',
    after: ";",
    reason: "Without such a value the second spelling is the first one again",
  },
  {
    file: "src/testing/signing/signature_claim.ts",
    before: 'if (!/^\\d{8}T\\d{6}Z$/.test(extras.timestamp ?? "")) {',
    after: 'if (!/^\\d{8}T\\d{6}Z$/.test(extras.timestamp ?? "mutant")) {',
    reason: "Neither text is a timestamp",
  },
];

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
