/**
 * A slot holds the newest credentials of one profile, and what is known of its renewal.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { ExpiredError, type StsavalError } from "../errors.ts";
import type { CredentialPlan } from "../plan.ts";
import { setKey } from "../credentials.ts";
import { isUsable } from "../schedule.ts";

/** One profile of a set. The refresher alone changes it, and swaps the credentials as a whole. */
export interface RenewalSlot {
  readonly profile: string;
  readonly plan: CredentialPlan;
  credentials: Credentials;
  /** When the lifetime or the session token ends, in milliseconds by STS's clock; Infinity where neither does. */
  endsAt: number;
  /** Why it ends then. */
  endReason: string;
  /** The profile's place in its set, 0 up to 1: decides when in a period it is renewed. */
  readonly phase: number;
  /** When the next attempt is due, in milliseconds since 1970; undefined when none is planned. */
  nextRefresh: number | undefined;
  /** Attempts that have failed since the last success. */
  failures: number;
  lastError: StsavalError | undefined;
  /** True when it has been told that the credentials ended without newer ones. */
  toldEnded: boolean;
  /** How often the credentials were renewed. */
  executions: number;
}

/** What a slot starts with. */
export interface SlotParts {
  readonly plan: CredentialPlan;
  readonly credentials: Credentials;
  readonly endsAt: number;
  readonly endReason: string;
  readonly phase: number;
}

/** A slot that holds its first credentials. */
export function createRenewalSlot(parts: SlotParts): RenewalSlot {
  return {
    ...parts,
    profile: parts.plan.profile,
    nextRefresh: undefined,
    failures: 0,
    lastError: undefined,
    toldEnded: false,
    executions: 0,
  };
}

/**
 * The slot's credentials, if they still live at `now` (milliseconds by STS's clock).
 *
 * @throws {ExpiredError} when they have ended; says why they were not renewed
 */
export function readSlot(
  slot: RenewalSlot,
  now: number,
  haltReason: string | undefined,
): Credentials {
  const { credentials, lastError } = slot;
  if (isUsable(credentials, now)) return credentials;
  const why = lastError?.message ?? haltReason ?? "nothing renews them";
  throw new ExpiredError(
    `Cannot read "${setKey(slot.profile)}": the credentials ended at ` +
      `${credentials.Expiration.toISOString()}, and were not renewed: ${why}`,
    {
      hint: lastError?.hint ?? "call generateCredentials again; a longer lifetime renews them",
      cause: lastError,
    },
  );
}
