/**
 * Logouts, as data: what a request began before one is not cached after it, in whichever process it runs.
 *
 * @module
 */

import { asRecord, type CacheOwner, cacheVersion, parseRecord } from "./entry.ts";

/** Which entries a logout concerns. */
export interface LogoutScope {
  /** The profiles all of whose entries it concerns. */
  readonly named: readonly string[];
  /** The profiles whose roles and sources it concerns. */
  readonly profiles: readonly string[];
  /** The roles that it concerns, whatever profile names them. */
  readonly roleArns: readonly string[];
  /** The profiles whose session tokens it concerns: those of the same user. */
  readonly users: readonly string[];
}

/** Everything, or the entries of any of the scopes. */
export type LogoutScopes = "all" | readonly LogoutScope[];

/** What was known of logouts when a request began. */
export interface LogoutMark {
  /** Which log it was; undefined if there was none. */
  readonly id: string | undefined;
  /** The number of the last logout. */
  readonly last: number;
}

/** One logout. */
interface Logout {
  readonly number: number;
  readonly scopes: LogoutScopes;
}

/** The log of a cache folder. */
export interface LogoutLog extends LogoutMark {
  readonly id: string;
  /** Up to this number logouts have been dropped: what began before is taken for logged out. */
  readonly dropped: number;
  readonly logouts: readonly Logout[];
}

/** Older logouts are dropped, so that the log stays small. */
const mostLogouts = 50;

/** True if the entry is one that the logout concerns. */
export function isInScopes(owner: CacheOwner, scopes: LogoutScopes): boolean {
  return scopes === "all" || scopes.some((scope) => isInScope(owner, scope));
}

function isInScope(
  { operation, profile, roleArn = "" }: CacheOwner,
  { named, profiles, roleArns, users }: LogoutScope,
): boolean {
  if (named.includes(profile)) return true;
  if (operation === "GetSessionToken") return users.includes(profile);
  return profiles.includes(profile) || roleArns.includes(roleArn);
}

/** The log after another logout. `id` names it if it is the first. */
export function addLogout(
  log: LogoutLog | undefined,
  scopes: LogoutScopes,
  id: string,
): LogoutLog {
  const number = (log?.last ?? 0) + 1;
  // What concerns everything makes what came before it superfluous.
  const earlier = scopes === "all" ? [] : log?.logouts ?? [];
  const logouts = [...earlier, { number, scopes }].slice(-mostLogouts);
  const first = logouts[0]?.number ?? number;
  const wasDropped = scopes !== "all" && earlier.length >= mostLogouts;
  return {
    id: log?.id ?? id,
    last: number,
    dropped: wasDropped ? first - 1 : log?.dropped ?? 0,
    logouts,
  };
}

/** True if what began at the mark was logged out since. A log that was removed took everything with it. */
export function isLoggedOut(
  log: LogoutLog | undefined,
  mark: LogoutMark,
  owner: CacheOwner,
): boolean {
  if (log === undefined) return mark.id !== undefined;
  if (mark.id !== undefined && mark.id !== log.id) return true;
  if (mark.last < log.dropped) return true;
  return log.logouts.some(({ number, scopes }) => number > mark.last && isInScopes(owner, scopes));
}

/** The mark of what builds on both: the earlier one. */
export function earlierMark(
  one: LogoutMark | undefined,
  other: LogoutMark | undefined,
): LogoutMark | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.id !== other.id) return one.id === undefined ? one : other;
  return one.last <= other.last ? one : other;
}

/** The text of the log's file. */
export function formatLogouts(log: LogoutLog): string {
  return `${JSON.stringify({ version: cacheVersion, ...log }, null, 2)}\n`;
}

/** The log, or undefined if there is no text, or it is not one of this version. */
export function parseLogouts(text: string | undefined): LogoutLog | undefined {
  const found = parseRecord(text);
  const { version, id, last, dropped, logouts } = found ?? {};
  if (version !== cacheVersion || typeof id !== "string" || !Array.isArray(logouts)) {
    return undefined;
  }
  if (typeof last !== "number" || typeof dropped !== "number") return undefined;
  return { id, last, dropped, logouts: logouts.flatMap(readLogout) };
}

/** A logout that cannot be read concerns everything. */
function readLogout(value: unknown): readonly Logout[] {
  const { number, scopes } = asRecord(value) ?? {};
  if (typeof number !== "number") return [];
  const read = Array.isArray(scopes) ? scopes.map(readScope) : [undefined];
  const known = read.filter((scope) => scope !== undefined);
  return [{ number, scopes: known.length === read.length ? known : "all" }];
}

function readScope(value: unknown): LogoutScope | undefined {
  const { named, profiles, roleArns, users } = asRecord(value) ?? {};
  const lists = [named, profiles, roleArns, users];
  const isText = (list: unknown): list is readonly string[] =>
    Array.isArray(list) && list.every((text) => typeof text === "string");
  if (!lists.every(isText)) return undefined;
  const [a = [], b = [], c = [], d = []] = lists.filter(isText);
  return { named: a, profiles: b, roleArns: c, users: d };
}
