/**
 * The events of a credential set. None of them holds a secret.
 *
 * @module
 */

import type { StsavalError } from "../errors.ts";

/** What the events of a set are called. */
export type CredentialEventType = "refresh" | "retry" | "error" | "halt";

/** What an event tells. */
export interface CredentialEventFields {
  /** The profile concerned; undefined where the whole set is. */
  readonly profile?: string | undefined;
  /** Which attempt in a row this was, from 1. */
  readonly attempt?: number | undefined;
  /** When the next attempt is due; undefined where there is none. */
  readonly next?: Date | undefined;
  /** What failed. */
  readonly error?: StsavalError | undefined;
  /** Why the set was halted. */
  readonly reason?: string | undefined;
}

/**
 * `refresh`: a profile has new credentials. `retry`: a renewal failed and is tried again at `next`. `error`: the
 * credentials of a profile, or the session token behind them, ended before they could be renewed. `halt`: nothing is renewed any more, for `reason`; it comes once.
 */
export class CredentialEvent extends Event implements CredentialEventFields {
  /** What the event is called. */
  declare readonly type: CredentialEventType;
  /** The profile concerned; undefined where the whole set is. */
  readonly profile: string | undefined;
  /** Which attempt in a row this was, from 1. */
  readonly attempt: number | undefined;
  /** When the next attempt is due; undefined where there is none. */
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
