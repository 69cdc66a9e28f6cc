/**
 * When to refresh, and how long to wait after a failure: arithmetic only, no clock and no timer.
 *
 * @module
 */

import type { CredentialsFields } from "./credentials.ts";

/** When credentials began and when they end. */
export type CredentialTimes = Pick<CredentialsFields, "StartTime" | "Expiration">;

/** What decides about the next refresh. All times are milliseconds since 1970, by one and the same clock. */
export interface RefreshFacts {
  /** When the credentials were received. */
  readonly issued: number;
  /** When they end. */
  readonly expires: number;
  /** The present. */
  readonly now: number;
  /** The profile's place in its set, 0 up to 1: drawn once by {@linkcode spreadPhases}, the same each time. */
  readonly phase: number;
}

/** What decides about the next attempt after one that failed. */
export interface RetryFacts {
  /** How many attempts in a row have failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the old credentials end; 0 or less when they have. */
  readonly left: number;
  /** A number from 0 up to 1, drawn anew each time. */
  readonly random: number;
}

const longestWindowMs = 15 * 60_000;
/** What is issued for 15 minutes may be seen to live some seconds longer. */
const shortLifeMarginMs = 60_000;
/** The least share of the window by which a refresh comes before it, so that the call is done when it begins. */
const leadShare = 1 / 40;
/** The share of the window by which a period is shorter than it would have to be. */
const marginShare = 1 / 20;
/** AWS issues nothing for less than 15 minutes; what is shorter comes from an emulator. */
const shortestSlotLifeMs = 12 * 60_000;
/** Durations are taken for multiples of this; any other is used too, at the price of some early refreshes. */
const durationStepMs = 5_000;
/** What a slow answer, and an expiry in whole seconds, may take off the life that is seen. */
const durationToleranceMs = 4_000;
/** A clock that is this far behind the time of issue has been set back. */
const clockToleranceMs = 60_000;
const leastPauseMs = 1_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** Once the old credentials have ended, somebody waits. */
const longestRetryEndedMs = 15_000;
const leastRetryMs = 200;

/** How much of a life must be left, in milliseconds: 15 minutes or a quarter of it, whichever is less. */
export function refreshWindow(life: number): number {
  return Math.max(0, Math.min(longestWindowMs, life / 4));
}

/** How long credentials of that life are used until they are renewed, in milliseconds, once the set is spread. */
export function refreshPeriod(life: number): number {
  const duration = life < shortestSlotLifeMs ? life : likelyDuration(life);
  return duration - (1 + marginShare) * refreshWindow(duration);
}

/** The same number for all credentials of one duration, whatever the answer's delay took off the life that is seen. */
function likelyDuration(life: number): number {
  return Math.floor((life + durationToleranceMs) / durationStepMs) * durationStepMs;
}

/**
 * When to refresh: always before the window begins, and less than a tenth of the window before it in the long run.
 *
 * Each profile keeps to slots of its own, one a period, at its phase of the period; it takes the last slot before the
 * window. So ten thousand profiles that were issued in one second, at the start or after a laptop's sleep, are spread
 * evenly over the next period, and stay so. A jitter drawn anew each time cannot do that: a random tenth of the window
 * takes days to part what began together, and then ends in chance, which crowds seconds too. Simulated for 10,000
 * profiles over 36 hours, with credentials of 15 minutes and of an hour: the busiest second after the first has 1.1
 * times the average number of calls (with the jitter 32 and 36 times; with a random first refresh, then the jitter, 2.2
 * and 3.9 times), and all calls are 2.2 % and 3.7 % more than the least that the window allows.
 */
export function nextRefresh({ issued, expires, now, phase }: RefreshFacts): number {
  if (wasSetBack(issued, now)) return now;
  const life = expires - issued;
  const window = refreshWindow(life);
  const latest = expires - (1 + leadShare) * window;
  const due = life < shortestSlotLifeMs
    ? latest - phase * marginShare * window
    : lastSlot(latest, refreshPeriod(life), phase);
  // Credentials that come dead, or nearly so, must not be asked for again in the same breath.
  return Math.max(now, due, issued + leastPauseMs);
}

/** The last moment up to `latest` that lies at the given phase of its period, counted from 1970. */
function lastSlot(latest: number, period: number, phase: number): number {
  const first = phase * period;
  return first + Math.floor((latest - first) / period) * period;
}

/** The phases of a set's profiles: even steps from a random start, so that sets do not meet either. */
export function spreadPhases(count: number, random: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (index / count + random) % 1);
}

/** True while more than the refresh window is left. */
export function isFresh(times: CredentialTimes, now: number): boolean {
  const [issued, expires] = [times.StartTime.getTime(), times.Expiration.getTime()];
  return !wasSetBack(issued, now) && expires - now > refreshWindow(expires - issued);
}

/**
 * True while a program that is given them is content: the SDKs ask again at once for anything with less than 15 minutes
 * left. What hardly lives longer than that cannot please them; of it a quarter must be left.
 */
export function isFreshForPrograms(times: CredentialTimes, now: number): boolean {
  const [issued, expires] = [times.StartTime.getTime(), times.Expiration.getTime()];
  const isShort = expires - issued <= longestWindowMs + shortLifeMarginMs;
  return isFresh(times, now) && (isShort || expires - now > longestWindowMs);
}

/**
 * True while the credentials may be handed out: something is left of them. A clock that stands before their issue has
 * been set back and says nothing about their end, so it does not count as something left.
 */
export function isUsable(times: CredentialTimes, now: number): boolean {
  return !wasSetBack(times.StartTime.getTime(), now) && times.Expiration.getTime() > now;
}

/**
 * True while STS may still take them: also where the clock has been set back, which only a call can tell from a clock
 * that was fast before.
 */
export function mayBeUsable(times: CredentialTimes, now: number): boolean {
  return times.Expiration.getTime() > now;
}

function wasSetBack(issued: number, now: number): boolean {
  return now < issued - clockToleranceMs;
}

/**
 * Milliseconds to wait after a failure: exponential back-off with full jitter, up to a minute, and never so long that
 * the old credentials would end without another attempt; up to 15 seconds once they have ended.
 */
export function retryDelay({ attempt, left, random }: RetryFacts): number {
  const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
  if (left <= 0) return Math.max(leastRetryMs, random * Math.min(backOff, longestRetryEndedMs));
  return Math.min(left, Math.max(leastRetryMs, random * Math.min(backOff, left / 2)));
}
