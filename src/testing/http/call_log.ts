/**
 * What an emulator was asked and what it answered.
 *
 * @module
 */

/** One call as the emulator saw it. */
export interface EmulatorCall {
  /** The operation, such as "AssumeRole", even where there is no such one. */
  readonly operation: string;
  /** When the call arrived, in milliseconds since 1970. */
  readonly at: number;
  /** The key that signed it; empty where it was not signed. */
  readonly accessKeyId: string;
  /** The role that was asked for. */
  readonly roleArn?: string;
  /** The MFA device that the call named. */
  readonly serial?: string;
  /** "ok", STS's error code, or "dropped" where the connection broke before STS looked at the call. */
  readonly outcome: string;
}

/** Keeps the newest calls, and counts all of them. */
export class CallLog {
  /** The calls that are kept, oldest first, in the order in which they were answered. */
  readonly calls: EmulatorCall[] = [];
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #limit: number;

  /** Keeps at most `limit` calls; when they are full, the older half is forgotten. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes a call. */
  add(call: EmulatorCall): void {
    const outcomes = this.#counts.get(call.operation) ?? new Map<string, number>();
    this.#counts.set(call.operation, outcomes);
    outcomes.set(call.outcome, (outcomes.get(call.outcome) ?? 0) + 1);
    if (this.calls.length >= this.#limit) this.calls.splice(0, Math.ceil(this.#limit / 2));
    if (this.#limit > 0) this.calls.push(call);
  }

  /** How many calls there were of an operation, forgotten ones included; of one outcome, or of any. */
  count(operation: string, outcome?: string): number {
    const outcomes = this.#counts.get(operation) ?? new Map<string, number>();
    if (outcome !== undefined) return outcomes.get(outcome) ?? 0;
    return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  }
}
