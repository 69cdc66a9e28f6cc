/**
 * One refresher over a renewal that the test answers, on a virtual clock: what it asks for, notifies and logs.
 *
 * @module
 */

import type { Credentials } from "../../src/credentials.ts";
import type { SessionStep } from "../../src/plan.ts";
import type { CredentialEventFields, CredentialEventType } from "../../src/refresh/events.ts";
import { Refresher } from "../../src/refresh/refresher.ts";
import { createRenewalSlot, type RenewalSlot } from "../../src/refresh/renewal_slot.ts";
import { VirtualClock } from "../fake_system.ts";
import { base, credentialsFor, role, session, start } from "../session/fixtures.ts";

/** What is renewed, and how. */
export interface RefresherOptions {
  /** Five hours from the start where none is given; a list has one for each slot. */
  readonly endsAt?: number | readonly number[];
  readonly count?: number;
  readonly concurrency?: number;
  /** True for one session token of all slots; a list has one for each slot. */
  readonly withSession?: boolean | readonly SessionStep[];
  readonly random?: number;
  /** The phase of each slot in its period. */
  readonly phases?: readonly number[];
  /** How far STS's clock is ahead, in milliseconds. */
  readonly skew?: number;
  readonly endpoints?: (slot: RenewalSlot) => readonly string[];
}

/** A refresher, and what it has done. */
export interface OneRefresher {
  readonly clock: VirtualClock;
  readonly slots: readonly RenewalSlot[];
  readonly events: readonly (readonly [CredentialEventType, CredentialEventFields])[];
  /** What was logged, each line after its level. */
  readonly lines: readonly string[];
  /** The reasons for which it ended. */
  readonly ends: readonly string[];
  /** The renewals that were begun. */
  readonly asked: readonly Asked[];
  readonly refresher: Refresher;
  /** Answers all renewals from now on. */
  readonly answerWith: (answer: Answer) => void;
}

interface Asked {
  readonly slot: RenewalSlot;
  readonly signal: AbortSignal;
  readonly at: number;
}

type Answer = (slot: RenewalSlot) => Promise<Credentials>;

/** Slots of an hour, and what their refresher does with the answers. */
export function createRefresher(options: RefresherOptions = {}): OneRefresher {
  const { count = 1, phases = [], withSession = false, endsAt = start + 5 * 3_600_000 } = options;
  const clock = new VirtualClock(start);
  const sessions = typeof withSession === "boolean"
    ? Array.from({ length: withSession ? count : 0 }, () => session)
    : withSession;
  const slots = Array.from({ length: count }, (_, index) =>
    createRenewalSlot({
      plan: {
        profile: `p${index}`,
        base,
        ...(sessions[index] === undefined ? {} : { session: sessions[index] }),
        roles: [role],
        notices: [],
      },
      credentials: credentialsFor(3_600),
      endsAt: typeof endsAt === "number" ? endsAt : endsAt[index] ?? Infinity,
      endsWithCode: false,
      endReason: "the lifetime of 5h has ended",
      phase: phases[index] ?? 0,
    }));
  const events: [CredentialEventType, CredentialEventFields][] = [];
  const lines: string[] = [];
  const ends: string[] = [];
  const asked: Asked[] = [];
  let answer: Answer = () => Promise.resolve(credentialsFor(3_600, clock.now() - start));
  const log = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  const refresher = new Refresher({
    slots,
    clock,
    random: { number: () => options.random ?? 1 },
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    skew: () => options.skew ?? 0,
    endpoints: options.endpoints ?? (() => ["https://sts.example.com"]),
    renew(slot, signal) {
      asked.push({ slot, signal, at: clock.now() });
      return answer(slot);
    },
    notify: (type, fields) => void events.push([type, fields]),
    onEnd: (reason) => void ends.push(reason),
    concurrency: options.concurrency ?? 16,
  });
  const answerWith = (next: Answer) => void (answer = next);
  return { clock, slots, events, lines, ends, asked, refresher, answerWith };
}

/** A test that needs no permission. */
export function refresherTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}
