/**
 * When to refresh, and how long to back off after a failure: pure arithmetic, no clock and no timer.
 *
 * @module
 */

import type { CredentialsFields } from "./credentials.ts";

/** When credentials were issued and when they expire. */
export type CredentialTimes = Pick<CredentialsFields, "StartTime" | "Expiration">;

/** Inputs of the refresh schedule. All times are milliseconds since 1970, by the same clock. */
export interface RefreshFacts {
  /** When the credentials were received. */
  readonly issued: number;
  /** When they expire. */
  readonly expires: number;
  /** The current time. */
  readonly now: number;
  /** The profile's phase in its set, 0 up to 1: assigned once by {@linkcode spreadPhases}, then fixed. */
  readonly phase: number;
}

/** Inputs of the delay after a failed attempt. */
export interface RetryFacts {
  /** The number of consecutive failures, from 1. */
  readonly attempt: number;
  /** Milliseconds until the old credentials expire; 0 or less once they have. */
  readonly left: number;
  /** A number from 0 up to 1, drawn anew each time. */
  readonly random: number;
}

const longestWindowMs = 15 * 60_000;
/** Credentials issued for 15 minutes may appear to live a few seconds longer. */
const shortLifeMarginMs = 60_000;
/** The minimum lead of a refresh, as a share of the window, so that the call is done when the window begins. */
const leadShare = 1 / 40;
/** Safety margin of a period, as a share of the window. */
const marginShare = 1 / 20;
/** AWS issues nothing for less than 15 minutes; a shorter lifetime comes from an emulator. */
const shortestSlotLifeMs = 12 * 60_000;
/** Durations are assumed to be multiples of this; others work too, at the cost of some early refreshes. */
const durationStepMs = 5_000;
/** What a slow response, and an expiration in whole seconds, may take off the observed lifetime. */
const durationToleranceMs = 4_000;
/** A clock that is further behind the issue time than this has been set back. */
const clockToleranceMs = 60_000;
const leastPauseMs = 1_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** Shorter once the old credentials have expired, since callers are waiting. */
const longestRetryExpiredMs = 15_000;
const leastRetryMs = 200;

/** How much of a lifetime must be left, in milliseconds: 15 minutes or a quarter of it, whichever is less. */
export function refreshWindow(life: number): number {
  return Math.max(0, Math.min(longestWindowMs, life / 4));
}

/** The steady-state interval between renewals for credentials of that lifetime, in milliseconds. */
export function refreshPeriod(life: number): number {
  const duration = life < shortestSlotLifeMs ? life : likelyDuration(life);
  return duration - (1 + marginShare) * refreshWindow(duration);
}

/** The requested duration, recovered from an observed lifetime that response latency has shortened. */
function likelyDuration(life: number): number {
  return Math.floor((life + durationToleranceMs) / durationStepMs) * durationStepMs;
}

/**
 * When to refresh: always before the window begins, and less than a tenth of the window before it in the long run.
 *
 * Each profile has its own slots, one per period, at its phase of the period; it uses the last slot before the window.
 * So ten thousand profiles that were issued in one second, at start or after a laptop's sleep, are spread evenly over
 * the next period, and stay so. Fresh jitter on every refresh cannot do that: a random tenth of the window takes days to
 * separate profiles that started together, and then yields random clusters. Simulated for 10,000
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
  // Credentials that arrive expired, or nearly so, must not be requested again immediately.
  return Math.max(now, due, issued + leastPauseMs);
}

/** The last moment up to `latest` that lies at the given phase of its period, counted from 1970. */
function lastSlot(latest: number, period: number, phase: number): number {
  const first = phase * period;
  return first + Math.floor((latest - first) / period) * period;
}

/** The phases of a set's profiles: evenly spaced from a random start, so that sets do not coincide either. */
export function spreadPhases(count: number, random: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (index / count + random) % 1);
}

/** True while more than the refresh window is left. */
export function isFresh(times: CredentialTimes, now: number): boolean {
  const [issued, expires] = [times.StartTime.getTime(), times.Expiration.getTime()];
  return !wasSetBack(issued, now) && expires - now > refreshWindow(expires - issued);
}

/**
 * True while an SDK would accept them without refreshing: SDKs refresh anything with less than 15 minutes left. For
 * credentials that hardly live longer than that, a quarter must be left.
 */
export function isFreshForPrograms(times: CredentialTimes, now: number): boolean {
  return !wasSetBack(times.StartTime.getTime(), now) && now < freshForProgramsUntil(times);
}

/** The moment from which on {@linkcode isFreshForPrograms} is false, in milliseconds since 1970. */
export function freshForProgramsUntil({ StartTime, Expiration }: CredentialTimes): number {
  const life = Expiration.getTime() - StartTime.getTime();
  const isShort = life <= longestWindowMs + shortLifeMarginMs;
  return Expiration.getTime() - (isShort ? refreshWindow(life) : longestWindowMs);
}

/**
 * True while a session token can serve a lifetime of that many seconds: all of it is left, but for the window within
 * which credentials still count as fresh, so that a repeated request needs no second code.
 */
export function isFreshFor(seconds: number): typeof isFresh {
  const wanted = seconds * 1_000;
  return (times, now) =>
    isFresh(times, now) && times.Expiration.getTime() - now >= wanted - refreshWindow(wanted);
}

/** What a session token must satisfy: to serve the lifetime that was given, else to be fresh. */
export function sessionServes(requiredSeconds: number | undefined): typeof isFresh {
  return requiredSeconds === undefined ? isFresh : isFreshFor(requiredSeconds);
}

/**
 * What a scoped copy must satisfy. Whoever chose its life wants it that short: it serves until a quarter of it is left.
 * One that ends with the session that it is a copy of serves as long as that.
 */
export function scopeServes(chosenSeconds: number | undefined): typeof isFresh {
  return chosenSeconds === undefined ? isFreshForPrograms : isFresh;
}

/**
 * True while the credentials may be returned: they have not expired. A clock that is before their issue time has been
 * set back and says nothing about their expiration, so they do not count as usable.
 */
export function isUsable(times: CredentialTimes, now: number): boolean {
  return !wasSetBack(times.StartTime.getTime(), now) && times.Expiration.getTime() > now;
}

/**
 * True while STS may still accept them: also if the clock appears to have been set back, which only a call can tell from
 * a clock that was fast before.
 */
export function mayBeUsable(times: CredentialTimes, now: number): boolean {
  return times.Expiration.getTime() > now;
}

function wasSetBack(issued: number, now: number): boolean {
  return now < issued - clockToleranceMs;
}

/**
 * Milliseconds to wait after a failure: exponential backoff with full jitter, up to a minute, and never so long that the
 * old credentials would expire without another attempt; up to 15 seconds once they have expired.
 */
export function retryDelay({ attempt, left, random }: RetryFacts): number {
  const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
  if (left <= 0) return Math.max(leastRetryMs, random * Math.min(backOff, longestRetryExpiredMs));
  return Math.min(left, Math.max(leastRetryMs, random * Math.min(backOff, left / 2)));
}

/**
 * The most calls that a set makes in a second: what 16 at once can make of an STS that answers within an eighth of a
 * second. AWS allows an account several hundred.
 */
export const mostCallsPerSecond = 125;

/**
 * The most calls that a batch makes in a second, since somebody waits for it. AWS allows an account 600 a second in a Region
 * (IAM User Guide, "IAM and AWS STS quotas").
 */
export const mostBatchCallsPerSecond = 500;

/** The shortest wait between two probes of an endpoint that is down. */
const leastProbeMs = 1_000;
/** As long as some credentials have expired, somebody waits. */
const longestProbeExpiredMs = 5_000;

/**
 * Milliseconds until the next probe of an endpoint that is down, one for all who wait for it: exponential back-off with
 * full jitter, up to a minute, but never past the first expiry; up to 5 seconds once credentials have expired; never
 * less than a second. `left` is the time until the first of them expire.
 */
export function probeDelay({ attempt, left, random }: RetryFacts): number {
  const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** attempt);
  const longest = left <= 0 ? longestProbeExpiredMs : left;
  return Math.max(leastProbeMs, Math.min(random * backOff, longest));
}
