/**
 * Shared by the benchmarks. They print the ratio of two times measured in one run: absolute times say more about the
 * machine than about stsaval.
 *
 * @module
 */

/** The median of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * Prints a ratio and its limit.
 *
 * @throws {Error} when it exceeds the limit
 */
export function checkRatio(what: string, ratio: number, most: number): void {
  console.log(`${what}: ${ratio.toFixed(3)} (at most ${most})`);
  if (!(ratio <= most)) throw new Error(`${what}: ${ratio.toFixed(3)}, wanted at most ${most}`);
}
