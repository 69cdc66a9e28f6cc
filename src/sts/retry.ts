/**
 * Retries of failed STS calls: exponential backoff with full jitter.
 *
 * @module
 */

import type { Clock, Random } from "../system.ts";
import { type Failure, isRetryable } from "./failure.ts";

/** How an attempt ended. */
export type Outcome<T> = { readonly result: T } | { readonly failure: Failure };

/** How a call ended, after how many attempts. */
export type Tried<T> = Outcome<T> & { readonly attempts: number };

/** The ports and options of {@linkcode callWithRetries}. */
export interface RetryPorts {
  readonly clock: Pick<Clock, "sleep">;
  readonly random: Pick<Random, "number">;
  /** The maximum number of attempts. */
  readonly maxAttempts: number;
  /** Codes of rejections that are retried too. */
  readonly retried?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** True if a wrong clock caused the failure and the next attempt is signed with the corrected time. */
  correctClock(failure: Failure): boolean;
  /** Called before each wait. */
  onWait?(failure: Failure, ms: number): void;
}

const longestWait = 20_000;

/**
 * Calls until there is a result, a permanent failure, or no attempt left. A clock correction allows one extra attempt,
 * once. Rejects with the signal's reason, and with what an attempt rejects with.
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
    if ("result" in outcome) return { ...outcome, attempts };
    if (!corrected && ports.correctClock(outcome.failure)) {
      corrected = true;
      attempts--;
      continue;
    }
    const mayPass = isRetryable(outcome.failure) || ports.retried?.includes(outcome.failure.code);
    if (attempts >= ports.maxAttempts || !mayPass) {
      return { ...outcome, attempts };
    }
    const ms = backoff(outcome.failure, attempts, ports.random.number());
    ports.onWait?.(outcome.failure, ms);
    await ports.clock.sleep(ms, { signal: ports.signal });
  }
}

/** The wait after the given attempt: random, from 0 up to a limit that doubles with each attempt. */
export function backoff(failure: Failure, attempt: number, random: number): number {
  const base = failure.kind === "throttled" ? 500 : 100;
  return Math.round(random * Math.min(longestWait, base * 2 ** (attempt - 1)));
}
