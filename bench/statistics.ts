/**
 * Medians and percentiles of repeated measurements: a single one tells little on a shared machine.
 *
 * @module
 */

import type { Measured } from "./row.ts";

/** The value below which this share of the values lies: 0.5 is the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median of the values. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The median, with the spread of the values. */
export function summarize(values: readonly number[]): Measured {
  return { value: median(values), spread: [percentile(values, 0.1), percentile(values, 0.9)] };
}

/**
 * What the two give, pair by pair. What one pair meets, load on the machine, weighs on both; the order changes with each, so
 * that neither is always the one that comes first.
 */
export async function measurePairs<T>(
  one: () => Promise<T>,
  other: () => Promise<T>,
  count: number,
): Promise<readonly (readonly [one: T, other: T])[]> {
  await one();
  await other();
  const pairs: (readonly [T, T])[] = [];
  for (let pair = 0; pair < count; pair++) {
    const isTurned = pair % 2 === 1;
    const first = await (isTurned ? other() : one());
    const second = await (isTurned ? one() : other());
    pairs.push(isTurned ? [second, first] : [first, second]);
  }
  return pairs;
}

/** The second cost as a multiple of the first: the median over pairs. */
export async function ratioOfPairs(
  one: () => Promise<number>,
  other: () => Promise<number>,
  count: number,
): Promise<Measured> {
  const pairs = await measurePairs(one, other, count);
  return summarize(pairs.map(([first, second]) => second / first));
}

/** Milliseconds that the work takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Measures once, however many rows ask. */
export function once<T>(measure: () => Promise<T>): () => Promise<T> {
  let measured: Promise<T> | undefined;
  return () => measured ??= measure();
}
