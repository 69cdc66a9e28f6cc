/**
 * Waits until STS takes a new key: its hosts learn of one after the other.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { StsError } from "../../errors.ts";
import type { Clock } from "../../system.ts";

/** What waiting works with. */
export interface TakenPorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `sts:GetCallerIdentity`: the ARN. */
  readonly identify: (keys: AccessKeys) => Promise<string>;
}

/** How far STS knew the key in the end: all its hosts as far as was seen, some, or none. */
export type Taken = "everywhere" | "here and there" | "nowhere";

/** So many good answers one after the other. */
const wantedInARow = 3;
const longestWaitMs = 60_000;
const goodPauseMs = 500;
const badPauseMs = 2_000;

/** Asks until STS has taken the key three times in a row, for 60 seconds at most. */
export async function untilTaken(
  { clock, signal, identify }: TakenPorts,
  keys: AccessKeys,
): Promise<Taken> {
  const end = clock.now() + longestWaitMs;
  let inARow = 0;
  let taken: Taken = "nowhere";
  while (true) {
    const isTaken = await identify(keys).then(() => true, isUnknownKey);
    inARow = isTaken ? inARow + 1 : 0;
    if (isTaken) taken = "here and there";
    if (inARow === wantedInARow) return "everywhere";
    if (clock.now() >= end) return taken;
    await clock.sleep(isTaken ? goodPauseMs : badPauseMs, { signal });
  }
}

/** False for a key that STS does not know yet; every other error is thrown. */
function isUnknownKey(error: unknown): false {
  if (error instanceof StsError && error.awsCode === "InvalidClientTokenId") return false;
  throw error;
}
