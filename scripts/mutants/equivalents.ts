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
  {
    file: "src/cache/logouts.ts",
    before: 'const wasDropped = scopes !== "all" && earlier.length >= mostLogouts;',
    after: 'const wasDropped = scopes !== "" && earlier.length >= mostLogouts;',
    reason: 'For "all" there are no earlier logouts, so none was dropped either way',
  },
  {
    file: "src/sts/error.ts",
    before:
      'const [paragraph = ""] = call.failure.text.trim().split(/\\n\\s*\\n|\\n(?=The Canonical String)/, 1);',
    after:
      'const [paragraph = ""] = call.failure.text.trim().split(/\\n\\s*\\n|\\n(?=The Canonical String)/, 2);',
    reason: "Only the first part is used; the limit saves work",
  },
  {
    file: "src/sts/recognition.ts",
    before:
      'const [, root = "", attributes = "", content = ""] = document.exec(response.text) ?? [];',
    after:
      'const [, root = "", attributes = "", content = "mutant"] = document.exec(response.text) ?? [];',
    reason:
      "Where nothing matches, the attributes are empty, which is refused before the content is looked at",
  },
  {
    file: "src/refresh/circuit.ts",
    before: "if ((this.#answered.get(url) ?? 0) >= call) return [];",
    after: "if (((this.#answered.get(url))) >= call) return [];",
    reason: "Calls are numbered from 1: neither 0 nor undefined is as much",
  },
  {
    file: "src/refresh/refresher.ts",
    before: 'return clock.now() < before + ms - timerSlackMs ? "set back" : "slept";',
    after: 'return clock.now() < before + ms - timerSlackMs ? "set back" : "";',
    reason: 'Only "set back" is compared with',
  },
  {
    file: "src/refresh/refresher.ts",
    before: "#completed = 0;",
    after: "#completed = 1;",
    reason: "It is logged after a renewal alone, and then is at least 1",
  },
  {
    file: "src/deno/terminal.ts",
    before: "const buffer = new Uint8Array(256);",
    after: "const buffer = new Uint8Array(257);",
    reason: "How many keys are read at once does not show: what is left is read next",
  },
  {
    file: "src/config/environment.ts",
    before: "const found = choices.find((choice) => choice === value.toLowerCase());",
    after: "const found = choices.findLast((choice) => choice === value.toLowerCase());",
    reason: "No word is among the choices twice",
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
