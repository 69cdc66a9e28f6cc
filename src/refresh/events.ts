/**
 * The events of a credential set. None of them holds a secret.
 *
 * @module
 */

import type { StsavalError } from "../errors.ts";

/** The event types of a set. */
export type CredentialEventType = "refresh" | "retry" | "error" | "halt";

/** The fields of an event. */
export interface CredentialEventFields {
  /** The profile; undefined if the event is about the whole set. */
  readonly profile?: string | undefined;
  /** The number of this consecutive attempt, from 1. */
  readonly attempt?: number | undefined;
  /** When the next attempt is due; undefined if there is none. */
  readonly next?: Date | undefined;
  /** What failed. */
  readonly error?: StsavalError | undefined;
  /** Why the set was halted. */
  readonly reason?: string | undefined;
}

/**
 * `refresh`: a profile has new credentials. `retry`: a renewal failed and is retried at `next`. `error`: the credentials
 * of a profile, or the session token behind them, expired before they could be renewed. `halt`: renewal has stopped, for
 * `reason`; dispatched once.
 */
export class CredentialEvent extends Event implements CredentialEventFields {
  /** The event type. */
  declare readonly type: CredentialEventType;
  /** The profile; undefined if the event is about the whole set. */
  readonly profile: string | undefined;
  /** The number of this consecutive attempt, from 1. */
  readonly attempt: number | undefined;
  /** When the next attempt is due; undefined if there is none. */
  readonly next: Date | undefined;
  /** What failed. */
  readonly error: StsavalError | undefined;
  /** Why the set was halted. */
  readonly reason: string | undefined;

  /** An event of the given type. */
  constructor(type: CredentialEventType, fields: CredentialEventFields = {}) {
    super(type);
    this.profile = fields.profile;
    this.attempt = fields.attempt;
    this.next = fields.next;
    this.error = fields.error;
    this.reason = fields.reason;
  }

  /** What `console.log` and `Deno.inspect` show under Deno. */
  [Symbol.for("Deno.customInspect")](
    inspect: (value: unknown, options?: unknown) => string,
    options?: unknown,
  ): string {
    const { type, profile, attempt, next, error, reason } = this;
    const fields = { type, profile, attempt, next, error: error?.message, reason };
    const known = Object.entries(fields).filter(([, value]) => value !== undefined);
    return `CredentialEvent ${inspect(Object.fromEntries(known), options)}`;
  }
}
