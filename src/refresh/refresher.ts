/**
 * The background loop that keeps a credential set fresh: one AbortController per set, and no timer but `clock.sleep`.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { formatLongDuration } from "../duration.ts";
import { MfaError, StsavalError, StsError, StsUnreachableError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Clock, Random } from "../system.ts";
import { type CallNumber, type Circuit, Circuits, isProbeDue, nextDueOf } from "./circuit.ts";
import { DueQueue } from "./due_queue.ts";
import type { CredentialEventFields, CredentialEventType } from "./events.ts";
import type { Renewal } from "./live.ts";
import { mostCallsPerSecond, nextRefresh, refreshPeriod, retryDelay } from "../schedule.ts";
import type { RenewalSlot } from "./renewal_slot.ts";

/** The dependencies of a refresher. */
export interface RefresherParts {
  readonly slots: readonly RenewalSlot[];
  readonly clock: Clock;
  readonly random: Pick<Random, "number">;
  readonly logger: Logger;
  /** How far STS's clock is ahead of ours, in milliseconds, by the last response. */
  readonly skew: () => number;
  /** The URLs that a renewal of the slot calls. */
  readonly endpoints: (slot: RenewalSlot) => readonly string[];
  /** Fetches new credentials for a slot. */
  readonly renew: (slot: RenewalSlot, signal: AbortSignal) => Promise<Credentials>;
  /** Notifies the set's listeners. */
  readonly notify: (type: CredentialEventType, fields: CredentialEventFields) => void;
  /** Called once, when there is nothing left to renew. */
  readonly onEnd: (reason: string) => void;
  /** The maximum number of concurrent renewals. */
  readonly concurrency: number;
}

/** The longest sleep, so that a laptop waking up, or a clock being set, is noticed within a minute. */
const longestSleepMs = 60_000;
/** A timer may fire this early; if it seems earlier, the clock was set back. */
const timerSlackMs = 1_000;
/** Tolerance for response latency and expirations in whole seconds: one-hour credentials cover a one-hour lifetime. */
const roundingMs = 30_000;

/** Keeps the slots of one set fresh until each reaches its end, or until it is stopped. */
export class Refresher implements Renewal {
  readonly #parts: RefresherParts;
  readonly #controller = new AbortController();
  readonly #queue = new DueQueue<RenewalSlot>();
  readonly #running = new Set<Promise<void>>();
  readonly #circuits: Circuits;
  readonly #total: number;
  #completed = 0;
  #sleep = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  /** Schedules the first renewal of each slot. */
  constructor(parts: RefresherParts) {
    this.#parts = parts;
    this.#circuits = new Circuits(parts.random);
    for (const slot of parts.slots) this.#schedule(slot);
    this.#total = parts.slots.reduce((most, slot) => Math.max(most, this.#executions(slot)), 1);
  }

  /** Runs until there is nothing left to renew. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Aborts every sleep and every call in flight, and settles when all have finished. */
  async stop(): Promise<void> {
    this.#controller.abort(new DOMException("The credential set was halted", "AbortError"));
    this.#sleep.abort();
    this.#queue.clear();
    await Promise.allSettled([this.#loop, ...this.#running]);
  }

  /** Checks immediately whether something is due: a reader has found expired credentials. */
  nudge(): void {
    this.#sleep.abort();
  }

  /** Makes every slot due that is neither being renewed nor waits for an endpoint that is down. */
  renewNow(): void {
    const now = this.#now();
    const slots: RenewalSlot[] = [];
    for (let slot = this.#queue.pop(); slot; slot = this.#queue.pop()) slots.push(slot);
    for (const [index, slot] of slots.entries()) {
      slot.nextRefresh = now + index * 1_000 / mostCallsPerSecond;
      this.#queue.push(slot.nextRefresh, slot);
    }
    this.#sleep.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      for (const circuit of this.#circuits.open()) this.#attend(circuit);
      this.#startDue();
      const left = this.#queue.size + this.#running.size + this.#circuits.waiting;
      if (left === 0) return this.#end();
      if (await this.#pause() === "set back") this.#resyncClock();
    }
  }

  /** Sleeps until something may be due. Returns "set back" if less time has passed by the clock than was slept. */
  async #pause(): Promise<"woken" | "slept" | "set back"> {
    const { clock } = this.#parts;
    const before = clock.now();
    const full = this.#running.size >= this.#parts.concurrency;
    const wait = full ? longestSleepMs : this.#nextDue() - this.#now();
    const ms = Math.max(0, Math.min(longestSleepMs, wait));
    this.#sleep = new AbortController();
    try {
      await clock.sleep(ms, { signal: this.#sleep.signal, keepAlive: false });
    } catch {
      return clock.now() < before - timerSlackMs ? "set back" : "woken";
    }
    return clock.now() < before + ms - timerSlackMs ? "set back" : "slept";
  }

  #nextDue(): number {
    const circuits = this.#circuits.open();
    return circuits.reduce(
      (due, circuit) => Math.min(due, nextDueOf(circuit)),
      this.#queue.nextDue,
    );
  }

  /** Renews one slot early: its response gives STS's clock, by which everything else is scheduled. */
  #resyncClock(): void {
    const slot = this.#queue.pop();
    if (slot !== undefined) this.#begin(slot);
  }

  #startDue(): void {
    while (this.#running.size < this.#parts.concurrency) {
      const slot = this.#queue.popDue(this.#now());
      if (slot === undefined) return;
      if (slot.endsAt > this.#now()) this.#beginOrWait(slot);
    }
  }

  #beginOrWait(slot: RenewalSlot): void {
    const circuit = this.#circuits.blocking(this.#parts.endpoints(slot));
    if (circuit === undefined || isProbeDue(circuit, this.#now())) this.#begin(slot);
    else this.#wait(slot, circuit);
  }

  /** The endpoint is down and another renewal probes it: the slot makes no call of its own until that has an answer. */
  #wait(slot: RenewalSlot, circuit: Circuit): void {
    const { logger, notify } = this.#parts;
    const { error, nextProbe } = circuit;
    slot.lastError = error;
    slot.nextRefresh = nextProbe;
    circuit.waiting.push(nextEndOf(slot), slot);
    circuit.hasExpired ||= slot.expiryReported;
    logger.debug(`refresh: renewal of "${slot.profile}" waits for STS`);
    notify("retry", { profile: slot.profile, error, next: dateOf(nextProbe) });
  }

  /** Reports what has expired while it waits for the endpoint, and begins a probe that is due. */
  #attend(circuit: Circuit): void {
    const now = this.#now();
    for (let slot = circuit.waiting.popDue(now); slot; slot = circuit.waiting.popDue(now)) {
      if (slot.endsAt <= now) continue;
      const { profile } = slot;
      slot.expiryReported = true;
      circuit.hasExpired = true;
      circuit.waiting.push(slot.endsAt, slot);
      this.#parts.notify("error", {
        profile,
        error: circuit.error,
        next: dateOf(circuit.nextProbe),
      });
    }
    if (this.#running.size >= this.#parts.concurrency || !isProbeDue(circuit, now)) return;
    const slot = circuit.waiting.pop();
    if (slot !== undefined) this.#begin(slot);
  }

  #begin(slot: RenewalSlot): void {
    const running = this.#refresh(slot).finally(() => {
      this.#running.delete(running);
      this.#sleep.abort();
    });
    this.#running.add(running);
  }

  async #refresh(slot: RenewalSlot): Promise<void> {
    const { logger, renew, notify, endpoints } = this.#parts;
    const { signal } = this.#controller;
    const urls = endpoints(slot);
    const call = this.#circuits.begin(urls);
    const attempt = slot.failures + 1;
    logger.info(`refresh: executing event: renewal of "${slot.profile}", attempt ${attempt}`);
    try {
      const credentials = await renew(slot, signal);
      if (signal.aborted) return;
      this.#swap(slot, credentials);
      this.#release(urls);
      notify("refresh", { profile: slot.profile, attempt, next: dateOf(slot.nextRefresh) });
    } catch (error) {
      if (signal.aborted) return;
      const known = asOurs(error);
      this.#observe(urls, call, known);
      this.#fail(slot, known, attempt);
    }
  }

  /** What a failure says about the endpoints: a refusal is an answer too. */
  #observe(urls: readonly string[], call: CallNumber, error: StsavalError): void {
    if (error instanceof StsError) return this.#release(urls);
    if (!(error instanceof StsUnreachableError)) return this.#circuits.gaveUp(urls, call);
    const down = this.#circuits.failed(urls, call, error, this.#now());
    if (down.length === 0) return;
    this.#parts.logger.warn(
      `refresh: one renewal at a time probes STS from now on: ${error.message}`,
    );
  }

  /** The endpoints have answered: those that waited for it are renewed as fast as the ceiling allows. */
  #release(urls: readonly string[]): void {
    const now = this.#now();
    for (const [index, slot] of this.#circuits.answered(urls).entries()) {
      this.#queue.push(now + index * 1_000 / mostCallsPerSecond, slot);
    }
  }

  #swap(slot: RenewalSlot, credentials: Credentials): void {
    slot.credentials = credentials;
    slot.failures = 0;
    slot.lastError = undefined;
    slot.expiryReported = false;
    slot.executions++;
    this.#schedule(slot);
    this.#logCycle(slot);
  }

  #fail(slot: RenewalSlot, error: StsavalError, attempt: number): void {
    const { logger, random, notify } = this.#parts;
    slot.failures = attempt;
    slot.lastError = error;
    if (sessionExpired(slot, error)) return this.#endSession(slot, error);
    const now = this.#now();
    const left = slot.credentials.Expiration.getTime() - now;
    const due = now + retryDelay({ attempt, left, random: random.number() });
    slot.nextRefresh = due;
    this.#queue.push(Math.min(due, slot.endsAt), slot);
    logger.warn(`refresh: renewal of "${slot.profile}" failed: ${error.message}`);
    const fields = { profile: slot.profile, attempt, error, next: dateOf(due) };
    const expiredNow = left <= 0 && !slot.expiryReported;
    slot.expiryReported ||= expiredNow;
    notify(expiredNow ? "error" : "retry", fields);
  }

  /** STS rejected the session token behind the slot: ends every slot that depends on it, and reports that once. */
  #endSession(slot: RenewalSlot, error: StsavalError): void {
    const { slots, notify, logger } = this.#parts;
    const first = slot.endsAt > this.#now();
    for (const other of slots) {
      if (other.plan.session !== slot.plan.session) continue;
      other.endsAt = Math.min(other.endsAt, this.#now());
      other.endsWithCode = true;
      other.endReason = `the session token has expired: ${error.message}`;
      other.lastError = error;
      other.nextRefresh = undefined;
    }
    for (const { waiting } of this.#circuits.open()) {
      for (let other = waiting.pop(); other; other = waiting.pop()) {
        this.#queue.push(this.#now(), other);
      }
    }
    if (!first) return;
    logger.error(`refresh: ${slot.endReason}`);
    notify("error", { profile: slot.profile, error });
  }

  /** Queues the next renewal of the slot, or its end if it will not be renewed again. */
  #schedule(slot: RenewalSlot): void {
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

/** When the slot's credentials expire, if that was not reported yet, or its lifetime ends. */
function nextEndOf({ credentials, endsAt, expiryReported }: RenewalSlot): number {
  return expiryReported ? endsAt : Math.min(credentials.Expiration.getTime(), endsAt);
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

function asOurs(error: unknown): StsavalError {
  if (error instanceof StsavalError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Internal error: ${message}`, { cause: error });
}

function sessionExpired(slot: RenewalSlot, error: StsavalError): boolean {
  if (slot.plan.session?.mfaSerial === undefined) return false;
  return error instanceof MfaError ||
    error instanceof StsError && /^ExpiredToken/.test(String(error.awsCode));
}
