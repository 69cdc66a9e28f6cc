/**
 * The log of the calls to an emulator and their outcomes.
 *
 * @module
 */

/** A session tag. */
export interface SessionTag {
  /** 1 to 128 characters; upper and lower case are the same. */
  readonly key: string;
  /** 0 to 256 characters. */
  readonly value: string;
}

/** The parameters of a session that a call sent; those that it did not send are missing. */
export interface SentSession {
  /** The inline policy, or the one of GetScopedCredentials. */
  readonly policy?: string | undefined;
  /** The managed policies. */
  readonly policyArns?: readonly string[] | undefined;
  /** The session tags. */
  readonly tags?: readonly SessionTag[] | undefined;
  /** The keys of the tags that further roles inherit. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** Who is behind the session. */
  readonly sourceIdentity?: string | undefined;
  /** What a scoped copy is for. */
  readonly description?: string | undefined;
}

/** One call as the emulator saw it. */
export interface EmulatorCall {
  /** The operation, such as "AssumeRole", even if it does not exist. */
  readonly operation: string;
  /** When the call arrived, in milliseconds since 1970. */
  readonly at: number;
  /** The access key id that signed it; empty if it was not signed. */
  readonly accessKeyId: string;
  /** The requested role. */
  readonly roleArn?: string;
  /** The MFA device that the call named. */
  readonly serial?: string;
  /** What narrows and marks the session, exactly as it was sent. */
  readonly session?: SentSession;
  /** "ok", STS's error code, or "dropped" if the connection broke before STS processed the call. */
  readonly outcome: string;
}

/** Keeps the most recent calls, and counts all of them. */
export class CallLog {
  /** The calls that are kept, oldest first, in the order of their responses. */
  readonly calls: EmulatorCall[] = [];
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #limit: number;

  /** Keeps at most `limit` calls; when it is full, the older half is dropped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Records a call. */
  add(call: EmulatorCall): void {
    const outcomes = this.#counts.get(call.operation) ?? new Map<string, number>();
    this.#counts.set(call.operation, outcomes);
    outcomes.set(call.outcome, (outcomes.get(call.outcome) ?? 0) + 1);
    if (this.calls.length >= this.#limit) this.calls.splice(0, Math.ceil(this.#limit / 2));
    if (this.#limit > 0) this.calls.push(call);
  }

  /** The number of calls of an operation, dropped ones included; with one outcome, or with any. */
  count(operation: string, outcome?: string): number {
    const outcomes = this.#counts.get(operation) ?? new Map<string, number>();
    if (outcome !== undefined) return outcomes.get(outcome) ?? 0;
    return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  }
}
