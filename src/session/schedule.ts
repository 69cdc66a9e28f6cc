/**
 * When to refresh, and how long to wait after a failure: arithmetic only, no clock and no timer.
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";

/** When credentials began and when they end. */
export type CredentialTimes = Pick<CredentialsFields, "StartTime" | "Expiration">;

/** What decides about the next refresh. All times are milliseconds since 1970, by one and the same clock. */
export interface RefreshFacts {
  /** When the credentials were received. */
  readonly issued: number;
  /** When they end. */
  readonly expires: number;
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
/** AWS issues nothing for less than 15 minutes; what is shorter comes from an emulator. */
const shortestSlotLifeMs = 12 * 60_000;
/** Two credentials of the same duration never differ by this much, two durations that differ seldom by less. */
const lifeStepMs = 15_000;
/** What a slow answer, and an expiry in whole seconds, may take off the life that is seen. */
const lifeToleranceMs = 12_000;
/** A clock that is this far behind the time of issue has been set back. */
const clockToleranceMs = 60_000;
const leastPauseMs = 1_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const leastRetryMs = 200;

/** How much of a life must be left, in milliseconds: 15 minutes or a quarter of it, whichever is less. */
export function refreshWindow(life: number): number {
  return Math.max(0, Math.min(longestWindowMs, life / 4));
}

/** How long credentials of that life are used before they are renewed, in milliseconds, once the set is spread. */
export function refreshPeriod(life: number): number {
  if (life < shortestSlotLifeMs) return life - 1.05 * refreshWindow(life);
  // The same number for all credentials of one duration, however slow the answer was.
  const duration = Math.floor((life + lifeToleranceMs) / lifeStepMs) * lifeStepMs;
  return duration - 1.05 * refreshWindow(duration);
}

/**
 * When to refresh: never later than when the window begins, and in the long run a twentieth of the window before it.
 *
 * Each profile keeps to slots of its own, one a period, at its phase of the period; it takes the last slot before the
 * window begins. So ten thousand profiles that were issued in the same second, at the start or after a laptop's sleep,
 * are spread evenly over the next period, and stay so. A jitter drawn anew each time cannot do that: a tenth of the
 * window takes days to spread what began together, and evens out to no better than chance, which puts twice the
 * average into one second every hour. The price is one early refresh a profile and 1.7 % more calls than the least that the
 * window allows.
 */
export function nextRefresh({ issued, expires, now, phase }: RefreshFacts): number {
  if (wasSetBack(issued, now)) return now;
  const life = expires - issued;
  const window = refreshWindow(life);
  const latest = expires - window;
  const due = life < shortestSlotLifeMs
    ? latest - phase * window / 10
    : lastSlot(latest, refreshPeriod(life), phase);
  // Credentials that come dead, or nearly so, must not be asked for again in the same breath.
  return Math.max(now, due, issued + leastPauseMs);
}

/** The last moment up to `latest` that lies at the given phase of its period, counted from 1970. */
function lastSlot(latest: number, period: number, phase: number): number {
  const sinceSlot = (latest - phase * period) % period;
  return latest - (sinceSlot < 0 ? sinceSlot + period : sinceSlot);
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

/** True once it is time to refresh: the window has begun, or the clock was set back and nobody knows. */
export function isStale(times: CredentialTimes, now: number): boolean {
  return !isFresh(times, now);
}

/**
 * True while the credentials may be handed out: something is left of them. A clock that stands before their issue has
 * been set back and says nothing about their end, so it does not count as something left.
 */
export function isUsable(times: CredentialTimes, now: number): boolean {
  return !wasSetBack(times.StartTime.getTime(), now) && times.Expiration.getTime() > now;
}

function wasSetBack(issued: number, now: number): boolean {
  return now < issued - clockToleranceMs;
}

/**
 * Milliseconds to wait after a failure: exponential back-off with full jitter, up to a minute, and never so long that
 * the old credentials would end without another attempt.
 */
export function retryDelay({ attempt, left, random }: RetryFacts): number {
  const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
  if (left <= 0) return Math.max(leastRetryMs, random * backOff);
  return Math.min(left, Math.max(leastRetryMs, random * Math.min(backOff, left / 2)));
}
