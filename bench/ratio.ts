/**
 * What the benches share. They print how two things compare that were measured in one run: times alone say more about
 * the machine than about stsaval.
 *
 * @module
 */

/** The middle one of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Prints a ratio, and whether it is one that is wanted. */
export function printRatio(what: string, ratio: number, most: number): void {
  const verdict = ratio <= most ? "at most" : "MISSED: wanted at most";
  console.log(`${what}: ${ratio.toFixed(3)} (${verdict} ${most})`);
}

/**
 * Prints a ratio.
 *
 * @throws {Error} when it is more than it may be
 */
export function checkRatio(what: string, ratio: number, most: number): void {
  printRatio(what, ratio, most);
  if (!(ratio <= most)) throw new Error(`${what}: ${ratio.toFixed(3)}, wanted at most ${most}`);
}
