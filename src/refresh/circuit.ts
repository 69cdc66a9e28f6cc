/**
 * Which endpoints are down: one renewal probes such an endpoint, the others wait for its result.
 *
 * @module
 */

import type { StsavalError } from "../errors.ts";
import type { Random } from "../system.ts";
import { probeDelay } from "../schedule.ts";
import { DueQueue } from "./due_queue.ts";
import type { RenewalSlot } from "./renewal_slot.ts";

/** A call that was begun, to be told from those before and after it. */
export type CallNumber = number;

/** An endpoint that is down. */
export interface Circuit {
  /** Why it is taken to be down. */
  error: StsavalError;
  /** When the next probe is due, in milliseconds by STS's clock. */
  nextProbe: number;
  /** The probe that is under way. */
  probe: CallNumber | undefined;
  /** How many probes have failed. */
  failures: number;
  /** Whether credentials have expired while it was down. */
  hasExpired: boolean;
  /** The slots that wait, each with the time at which its credentials or its lifetime end. */
  readonly waiting: DueQueue<RenewalSlot>;
}

/** A probe that is further away than any back-off: the clock was set back. */
const longestProbeMs = 61_000;

/** So many calls in a row without an answer, and the endpoint is down: one of three is throttled on a busy day. */
const failuresUntilDown = 3;

/** The endpoints of a set that are down. */
export class Circuits {
  readonly #random: Pick<Random, "number">;
  readonly #open = new Map<string, Circuit>();
  /** The newest call to have begun before an endpoint answered. */
  readonly #answered = new Map<string, CallNumber>();
  /** How many calls in a row an endpoint has not answered. */
  readonly #failures = new Map<string, number>();
  #calls: CallNumber = 0;

  /** All endpoints are up. */
  constructor(random: Pick<Random, "number">) {
    this.#random = random;
  }

  /** How many slots wait. */
  get waiting(): number {
    return this.open().reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** The endpoints that are down. */
  open(): readonly Circuit[] {
    return [...this.#open.values()];
  }

  /** The endpoint, of these, that is down; undefined where none is. */
  blocking(urls: readonly string[]): Circuit | undefined {
    return urls.map((url) => this.#open.get(url)).find((circuit) => circuit !== undefined);
  }

  /** Notes a call to these endpoints; to one that is down, it is the probe. */
  begin(urls: readonly string[]): CallNumber {
    const call = ++this.#calls;
    for (const url of urls) {
      const circuit = this.#open.get(url);
      if (circuit !== undefined) circuit.probe = call;
    }
    return call;
  }

  /** Notes that the endpoints answered. Returns the slots that need not wait any more, the first to end first. */
  answered(urls: readonly string[]): readonly RenewalSlot[] {
    return urls.flatMap((url) => {
      this.#answered.set(url, this.#calls);
      this.#failures.delete(url);
      const released = [];
      const waiting = this.#open.get(url)?.waiting;
      for (let slot = waiting?.pop(); slot !== undefined; slot = waiting?.pop()) {
        released.push(slot);
      }
      this.#open.delete(url);
      return released;
    });
  }

  /**
   * Notes that a call failed to reach its endpoints. One that has answered since the call began is up all the same: then
   * the fault is the call's own. Returns those that have gone down just now.
   */
  failed(
    urls: readonly string[],
    call: CallNumber,
    error: StsavalError,
    now: number,
  ): readonly Circuit[] {
    return urls.flatMap((url) => {
      if ((this.#answered.get(url) ?? 0) >= call) return [];
      const failures = (this.#failures.get(url) ?? 0) + 1;
      this.#failures.set(url, failures);
      if (failures < failuresUntilDown) return [];
      const known = this.#open.get(url);
      const circuit = known ?? {
        ...{ error, nextProbe: now, probe: call, failures: 0, hasExpired: false },
        waiting: new DueQueue<RenewalSlot>(),
      };
      this.#open.set(url, circuit);
      if (circuit.probe === call) this.#wait(circuit, error, now);
      return known === undefined ? [circuit] : [];
    });
  }

  /** Notes that a probe came to nothing, without a call: the next slot may try at once. */
  gaveUp(urls: readonly string[], call: CallNumber): void {
    for (const url of urls) {
      const circuit = this.#open.get(url);
      if (circuit?.probe === call) circuit.probe = undefined;
    }
  }

  #wait(circuit: Circuit, error: StsavalError, now: number): void {
    circuit.error = error;
    circuit.probe = undefined;
    circuit.failures++;
    const left = circuit.hasExpired ? 0 : circuit.waiting.nextDue - now;
    const delay = probeDelay({ attempt: circuit.failures, left, random: this.#random.number() });
    circuit.nextProbe = now + delay;
  }
}

/** True where a probe may begin. */
export function isProbeDue({ probe, nextProbe }: Circuit, now: number): boolean {
  return probe === undefined && (nextProbe <= now || nextProbe > now + longestProbeMs);
}

/** When something is to be done about the endpoint, in milliseconds by STS's clock; Infinity where nothing waits for it. */
export function nextDueOf({ probe, nextProbe, waiting }: Circuit): number {
  if (waiting.size === 0) return Infinity;
  return Math.min(probe === undefined ? nextProbe : Infinity, waiting.nextDue);
}
