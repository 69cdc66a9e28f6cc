/**
 * When a failed call to STS is tried again, and how long that waits: exponential back-off with full jitter.
 *
 * @module
 */

import type { Clock, Random } from "../system.ts";
import { type Failure, isRetryable } from "./failure.ts";

/** How an attempt ended. */
export type Outcome<T> = { readonly answer: T } | { readonly failure: Failure };

/** How a call ended, after how many attempts. */
export type Tried<T> = Outcome<T> & { readonly attempts: number };

/** What {@linkcode callWithRetries} needs. */
export interface RetryPorts {
  readonly clock: Pick<Clock, "sleep">;
  readonly random: Pick<Random, "number">;
  /** How often the call is tried in all. */
  readonly maxAttempts: number;
  readonly signal?: AbortSignal | undefined;
  /** True where a wrong clock was behind the failure and the next attempt is signed with the right time. */
  correctClock(failure: Failure): boolean;
  /** Hears of each wait. */
  onWait?(failure: Failure, ms: number): void;
}

const longestWait = 20_000;

/**
 * Calls until there is an answer, a failure that will not pass, or no attempt left. After a clock correction there is
 * one more attempt, once, that does not count. Rejects with the signal's reason, and with what
 * an attempt rejects with.
 */
export async function callWithRetries<T>(
  attempt: () => Promise<Outcome<T>>,
  ports: RetryPorts,
): Promise<Tried<T>> {
  let attempts = 0;
  let corrected = false;
  while (true) {
    ports.signal?.throwIfAborted();
    const outcome = await attempt();
    attempts++;
    if ("answer" in outcome) return { ...outcome, attempts };
    if (!corrected && ports.correctClock(outcome.failure)) {
      corrected = true;
      attempts--;
      continue;
    }
    if (attempts >= ports.maxAttempts || !isRetryable(outcome.failure)) {
      return { ...outcome, attempts };
    }
    const ms = backoff(outcome.failure, attempts, ports.random.number());
    ports.onWait?.(outcome.failure, ms);
    await ports.clock.sleep(ms, { signal: ports.signal });
  }
}

/** The wait after the given attempt: chance, from 0 up to twice as long as for the attempt before. */
export function backoff(failure: Failure, attempt: number, chance: number): number {
  const base = failure.kind === "throttled" ? 500 : 100;
  return Math.round(chance * Math.min(longestWait, base * 2 ** (attempt - 1)));
}
