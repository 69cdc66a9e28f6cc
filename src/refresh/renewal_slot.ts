/**
 * A slot holds the newest credentials of one profile, and the state of their renewal.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { ExpiredError, type StsavalError } from "../errors.ts";
import type { CredentialPlan } from "../plan.ts";
import { setKey } from "../credentials.ts";
import { isUsable } from "../schedule.ts";

/** One profile of a set. Only the refresher changes it, and replaces the credentials as a whole. */
export interface RenewalSlot {
  readonly profile: string;
  readonly plan: CredentialPlan;
  credentials: Credentials;
  /** When the lifetime or the session token ends, in milliseconds by STS's clock; Infinity if neither does. */
  endsAt: number;
  /** Why it ends then. */
  endReason: string;
  /** True if only another MFA code could renew it beyond its end. */
  endsWithCode: boolean;
  /** The profile's phase in its set, 0 up to 1: its renewal time within each period. */
  readonly phase: number;
  /** When the next attempt is due, in milliseconds since 1970; undefined if none is scheduled. */
  nextRefresh: number | undefined;
  /** Failed attempts since the last success. */
  failures: number;
  lastError: StsavalError | undefined;
  /** True once the expiration of the credentials without a renewal has been reported. */
  expiryReported: boolean;
  /** The number of renewals. */
  executions: number;
}

/** The initial state of a slot. */
export interface SlotParts {
  readonly plan: CredentialPlan;
  readonly credentials: Credentials;
  readonly endsAt: number;
  readonly endReason: string;
  readonly endsWithCode: boolean;
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
    expiryReported: false,
    executions: 0,
  };
}

/**
 * The slot's credentials, if they are still valid at `now` (milliseconds by STS's clock).
 *
 * @throws {ExpiredError} when they have expired; says why they were not renewed
 */
export function readSlot(
  slot: RenewalSlot,
  now: number,
  haltReason: string | undefined,
): Credentials {
  const { credentials, lastError } = slot;
  if (isUsable(credentials, now)) return credentials;
  const why = lastError?.message ?? haltReason ?? "renewal is off";
  throw new ExpiredError(
    `Cannot read "${setKey(slot.profile)}": the credentials expired at ` +
      `${credentials.Expiration.toISOString()} and were not renewed: ${why}`,
    {
      hint: lastError?.hint ?? "call generateCredentials again; a longer lifetime renews them",
      cause: lastError,
    },
  );
}
