/**
 * Points in time as other programs write them into JSON.
 *
 * @module
 */

import { textOf } from "./json_fields.ts";

/** RFC 3339, and what the SDKs take beside it: no seconds, an offset without a colon, `UTC` for `Z`, a blank for `T`. */
const instant =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(?:([Zz]|UTC)|([+-]\d\d):?(\d\d)?)$/;

/** Milliseconds since 1970; undefined for what is no date, or names no time zone, which each program would guess. */
export function parseInstant(text: string): number | undefined {
  const found = instant.exec(text.trim());
  if (found === null) return undefined;
  const [, day, clock = "", utc, hours, minutes = "00"] = found;
  const zone = utc === undefined ? `${hours}:${minutes}` : "Z";
  const time = Date.parse(`${day}T${clock.replace(",", ".")}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/** No sign-in lives for longer, whatever its service says. */
const longestSeconds = 366 * 24 * 3_600;

/** A length of time in a service's response, in seconds; undefined for what is none. */
export function parseSeconds(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? Math.min(value, longestSeconds) : undefined;
}

/** The last moment that a `Date` can hold, in milliseconds since 1970 (ECMA-262). */
const lastMoment = 8.64e15;

/** A moment in a service's response, in milliseconds since 1970; undefined for what is none. */
export function parseMoment(value: unknown, unitMs = 1): number | undefined {
  const time = typeof value === "number" ? value * unitMs : -1;
  return time >= 0 && time <= lastMoment ? time : undefined;
}

/** The date in a field, in milliseconds since 1970. */
export function timeOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : parseInstant(text);
}

/** `2026-11-27T21:00:00Z`: to the second, which every reader takes. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
