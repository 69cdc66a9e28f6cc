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

/**
 * Prints a ratio, and what it may be.
 *
 * @throws {Error} when it is more
 */
export function checkRatio(what: string, ratio: number, most: number): void {
  console.log(`${what}: ${ratio.toFixed(3)} (at most ${most})`);
  if (!(ratio <= most)) throw new Error(`${what}: ${ratio.toFixed(3)}, wanted at most ${most}`);
}
