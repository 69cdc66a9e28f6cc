/**
 * Runs many profiles at once: bounded concurrency, results in request order, failures collected.
 *
 * @module
 */

import { StsavalError } from "../../errors.ts";

/** How one task ended. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** Runs `work` on every item, at most `limit` at a time. The outcomes are in the order of the items. */
export async function runBatch<Item, T>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<T>,
): Promise<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) outcomes[index] = await outcomeOf(work(item));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return outcomes;
}

async function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

/** A failure and the profile that it belongs to. */
export interface ProfileFailure {
  readonly profile: string;
  readonly error: unknown;
}

/**
 * Combines failures into one error. A single error, or one that says the same for all (a failed session token, a sign-in
 * that has ended), is returned as it is; several are listed under the code of the first.
 */
export function combineFailures(failures: readonly ProfileFailure[], requested: number): unknown {
  const distinct = [...new Set(failures.map((failure) => failure.error))];
  const [first] = distinct;
  if (!(first instanceof StsavalError)) return first;
  // Profiles that failed one after the other have each an error of their own, with the same words.
  if (distinct.every((error) => error instanceof StsavalError && saysSame(error, first))) {
    return first;
  }
  const lines = failures.map(({ profile, error }) =>
    `\n  "${profile}": ${error instanceof Error ? error.message : String(error)}`
  );
  return new StsavalError(
    first.code,
    `${failures.length} of ${requested} profiles failed:${lines.join("")}`,
    { hint: first.hint, cause: new AggregateError(distinct) },
  );
}

function saysSame(one: StsavalError, other: StsavalError): boolean {
  return one.code === other.code && one.message === other.message && one.hint === other.hint;
}
