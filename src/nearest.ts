/**
 * Finds the nearest match for a mistyped name, for "did you mean" hints.
 *
 * @module
 */

/** A longer name is no slip of the finger, and comparing it takes the square of its length. */
const longestName = 256;

/**
 * The candidate with the smallest edit distance to `name`, or undefined if none is near enough to suggest: at least half
 * of the longer name must match.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined;
  const wanted = name.toLowerCase();
  let limit = Math.max(2, Math.floor(name.length / 3)) + 1;
  let nearest: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    // For short names, a few edits may replace every character.
    const sharesHalf = distance * 2 <= Math.max(name.length, candidate.length);
    if (sharesHalf && distance < limit) {
      limit = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Damerau-Levenshtein distance: insertions, deletions, substitutions and transpositions. Stops at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current.push(cheapestEdit(a, b, i, j, { older, previous, current }));
    }
    if (current.every((distance) => distance >= limit)) return limit;
    [older, previous] = [previous, current];
  }
  return previous[b.length] ?? limit;
}

interface DistanceRows {
  readonly older: readonly number[];
  readonly previous: readonly number[];
  readonly current: readonly number[];
}

function cheapestEdit(a: string, b: string, i: number, j: number, rows: DistanceRows): number {
  const at = (row: readonly number[], index: number) => row[index] ?? Infinity;
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    at(rows.previous, j) + 1,
    at(rows.current, j - 1) + 1,
    at(rows.previous, j - 1) + (same ? 0 : 1),
    swapped ? at(rows.older, j - 2) + 1 : Infinity,
  );
}
