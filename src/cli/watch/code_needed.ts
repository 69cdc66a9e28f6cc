/**
 * When a set needs another MFA code.
 *
 * @module
 */

import type { CredentialSet } from "../../refresh/live.ts";
import type { Clock } from "../../system.ts";

/** In slices, as the refresher sleeps: laptops sleep too, and the end of a session may come closer. */
const longestSleepMs = 60_000;
/** A session token that was made for a lifetime may end some seconds before it. */
const toleranceMs = 30_000;

/**
 * Halts the set as soon as one of its profiles needs another code: others could go on without, but all start again with
 * it. Rejects with the signal's reason.
 */
export async function haltWhenCodeIsNeeded(
  set: CredentialSet,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let left = set.codeNeededIn(); left > 0; left = set.codeNeededIn()) {
    await clock.sleep(Math.min(left, longestSleepMs), { signal });
  }
  await set.halt("the session token has expired");
}

/** Whether a set that was halted needs another code, and not only because its lifetime ended, in milliseconds. */
export function codeNeededBefore(
  lifetimeEnd: number,
  set: CredentialSet,
  clock: Pick<Clock, "now">,
): boolean {
  return set.codeNeededIn() < Infinity && lifetimeEnd - clock.now() > toleranceMs;
}
