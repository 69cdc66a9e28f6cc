/**
 * The background loop that keeps a credential set fresh: one AbortController a set, and nothing but `clock.sleep`.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { formatLongDuration } from "../duration.ts";
import { MfaError, StsavalError, StsError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Clock, Random } from "../system.ts";
import { DueQueue } from "./due_queue.ts";
import type { CredentialEventFields, CredentialEventType } from "./events.ts";
import type { Renewal } from "./live.ts";
import { nextRefresh, refreshPeriod, retryDelay } from "../schedule.ts";
import type { RenewalSlot } from "./renewal_slot.ts";

/** What a refresher works with. */
export interface RefresherParts {
  readonly slots: readonly RenewalSlot[];
  readonly clock: Clock;
  readonly random: Pick<Random, "number">;
  readonly logger: Logger;
  /** How far STS's clock is ahead of ours, in milliseconds, as the last answer said. */
  readonly skew: () => number;
  /** Fetches new credentials for a slot. */
  readonly renew: (slot: RenewalSlot, signal: AbortSignal) => Promise<Credentials>;
  /** Tells the set's listeners. */
  readonly tell: (type: CredentialEventType, fields: CredentialEventFields) => void;
  /** Called once, when nothing is left to renew. */
  readonly onEnd: (reason: string) => void;
  /** How many renewals may be under way at once. */
  readonly concurrency: number;
}

/** No sleep is longer, so that a laptop that wakes up, or a clock that is set, is noticed within a minute. */
const longestSleepMs = 60_000;
/** A timer may fire this much early; more than that, and the clock was set back. */
const timerSlackMs = 1_000;
/** STS tells expirations in whole seconds, and its answer takes a while: an hour's credentials last an hour's lifetime. */
const roundingMs = 30_000;

/** Keeps the slots of one set fresh until each has ended, or until it is stopped. */
export class Refresher implements Renewal {
  readonly #parts: RefresherParts;
  readonly #controller = new AbortController();
  readonly #queue = new DueQueue<RenewalSlot>();
  readonly #running = new Set<Promise<void>>();
  readonly #total: number;
  #completed = 0;
  #sleep = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  /** Plans the first renewal of each slot, and starts. */
  constructor(parts: RefresherParts) {
    this.#parts = parts;
    for (const slot of parts.slots) this.#plan(slot);
    this.#total = Math.max(1, ...parts.slots.map((slot) => this.#executions(slot)));
  }

  /** Runs until nothing is left to renew. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Ends every sleep and every call in flight, and settles when nothing is left. */
  async stop(): Promise<void> {
    this.#controller.abort(new DOMException("The credential set was halted", "AbortError"));
    this.#sleep.abort();
    this.#queue.clear();
    await Promise.allSettled([this.#loop, ...this.#running]);
  }

  /** Looks at once whether something is due: a reader has met credentials that have ended. */
  nudge(): void {
    this.#sleep.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      this.#startDue();
      if (this.#queue.size === 0 && this.#running.size === 0) return this.#end();
      if (await this.#pause() === "set back") this.#askForTheTime();
    }
  }

  /** Sleeps until something may be due. The answer is "set back" where less time has passed by the clock than slept. */
  async #pause(): Promise<"woken" | "slept" | "set back"> {
    const { clock } = this.#parts;
    const before = clock.now();
    const full = this.#running.size >= this.#parts.concurrency;
    const wait = full ? longestSleepMs : this.#queue.nextDue - this.#now();
    const ms = Math.max(0, Math.min(longestSleepMs, wait));
    this.#sleep = new AbortController();
    try {
      await clock.sleep(ms, { signal: this.#sleep.signal, keepAlive: false });
    } catch {
      return clock.now() < before - timerSlackMs ? "set back" : "woken";
    }
    return clock.now() < before + ms - timerSlackMs ? "set back" : "slept";
  }

  /** One renewal ahead of its time: its answer tells STS's clock, and by it everything else is planned. */
  #askForTheTime(): void {
    const slot = this.#queue.pop();
    if (slot !== undefined) this.#begin(slot);
  }

  #startDue(): void {
    while (this.#running.size < this.#parts.concurrency) {
      const slot = this.#queue.popDue(this.#now());
      if (slot === undefined) return;
      if (slot.endsAt > this.#now()) this.#begin(slot);
    }
  }

  #begin(slot: RenewalSlot): void {
    const running = this.#refresh(slot).finally(() => {
      this.#running.delete(running);
      this.#sleep.abort();
    });
    this.#running.add(running);
  }

  async #refresh(slot: RenewalSlot): Promise<void> {
    const { logger, renew, tell } = this.#parts;
    const { signal } = this.#controller;
    const attempt = slot.failures + 1;
    logger.info(`refresh: executing event: renewal of "${slot.profile}", attempt ${attempt}`);
    try {
      const credentials = await renew(slot, signal);
      if (signal.aborted) return;
      this.#swap(slot, credentials);
      tell("refresh", { profile: slot.profile, attempt, next: dateOf(slot.nextRefresh) });
    } catch (error) {
      if (!signal.aborted) this.#fail(slot, asOurs(error), attempt);
    }
  }

  #swap(slot: RenewalSlot, credentials: Credentials): void {
    slot.credentials = credentials;
    slot.failures = 0;
    slot.lastError = undefined;
    slot.toldEnded = false;
    slot.executions++;
    this.#plan(slot);
    this.#logCycle(slot);
  }

  #fail(slot: RenewalSlot, error: StsavalError, attempt: number): void {
    const { logger, random, tell } = this.#parts;
    slot.failures = attempt;
    slot.lastError = error;
    if (sessionHasEnded(slot, error)) return this.#endSession(slot, error);
    const now = this.#now();
    const left = slot.credentials.Expiration.getTime() - now;
    const due = now + retryDelay({ attempt, left, random: random.number() });
    slot.nextRefresh = due;
    this.#queue.push(Math.min(due, slot.endsAt), slot);
    logger.warn(`refresh: renewal of "${slot.profile}" failed: ${error.message}`);
    const fields = { profile: slot.profile, attempt, error, next: dateOf(due) };
    const endedNow = left <= 0 && !slot.toldEnded;
    slot.toldEnded ||= endedNow;
    tell(endedNow ? "error" : "retry", fields);
  }

  /** The session token behind the slot is refused: everything that rests on it ends, and it is said once. */
  #endSession(slot: RenewalSlot, error: StsavalError): void {
    const { slots, tell, logger } = this.#parts;
    const first = slot.endsAt > this.#now();
    for (const other of slots) {
      if (other.plan.session !== slot.plan.session) continue;
      other.endsAt = Math.min(other.endsAt, this.#now());
      other.endReason = `the session token has ended: ${error.message}`;
      other.lastError = error;
      other.nextRefresh = undefined;
    }
    if (!first) return;
    logger.error(`refresh: ${slot.endReason}`);
    tell("error", { profile: slot.profile, error });
  }

  /** Puts the slot where it belongs: into the queue, or out of it where no later credentials are to come. */
  #plan(slot: RenewalSlot): void {
    const { issued, expires } = timesOf(slot);
    const due = nextRefresh({ issued, expires, now: this.#now(), phase: slot.phase });
    const lastsFromTheStart = slot.executions === 0 && expires >= slot.endsAt - roundingMs;
    const last = lastsFromTheStart || due >= slot.endsAt;
    slot.nextRefresh = last ? undefined : due;
    this.#queue.push(last ? slot.endsAt : due, slot);
  }

  #end(): void {
    const reasons = this.#parts.slots.map((slot) => slot.endReason);
    this.#parts.onEnd(reasons.at(-1) ?? "there is nothing to renew");
  }

  #logCycle(slot: RenewalSlot): void {
    const { logger } = this.#parts;
    this.#completed = Math.max(this.#completed, slot.executions);
    const total = Math.max(this.#total, this.#completed);
    if (slot.endsAt === Infinity) return;
    const left = (slot.endsAt - this.#now()) / 1_000;
    logger.info(`refresh: completed ${slot.executions} out of ${total} total executions`);
    logger.info(`refresh: remaining in cycle: ${formatLongDuration(left)}`);
  }

  #executions(slot: RenewalSlot): number {
    const { issued, expires } = timesOf(slot);
    if (slot.endsAt === Infinity || slot.nextRefresh === undefined) return 0;
    return Math.ceil((slot.endsAt - slot.nextRefresh) / refreshPeriod(expires - issued));
  }

  #now(): number {
    return this.#parts.clock.now() + this.#parts.skew();
  }
}

function timesOf({ credentials }: RenewalSlot): { issued: number; expires: number } {
  return { issued: credentials.StartTime.getTime(), expires: credentials.Expiration.getTime() };
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

function asOurs(error: unknown): StsavalError {
  if (error instanceof StsavalError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Unexpected fault: ${message}`, { cause: error });
}

function sessionHasEnded(slot: RenewalSlot, error: StsavalError): boolean {
  if (slot.plan.session?.mfaSerial === undefined) return false;
  return error instanceof MfaError ||
    error instanceof StsError && /^ExpiredToken/.test(error.awsCode ?? "");
}
