/**
 * The AWS CLI's cache of sign-ins to IAM Identity Center: where a token is kept, and what its file holds.
 *
 * Every AWS SDK reads these files; names and fields are theirs. Fields that are not known here are kept.
 *
 * @module
 */

import type { SsoSignIn } from "./settings.ts";

/** A token as it is kept. */
export interface SsoToken {
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly startUrl?: string | undefined;
  /** The region where the sign-in was made. */
  readonly region?: string | undefined;
  /** What gets a new access token; tokens of legacy profiles have none. */
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** When the client's registration ends, in milliseconds since 1970. */
  readonly registrationExpiresAt?: number | undefined;
}

/** The name of the file in `~/.aws/sso/cache`: of the session's name, or of the start URL as it is written. */
export async function tokenFileName(
  { session, startUrl }: Pick<SsoSignIn, "session" | "startUrl">,
): Promise<string> {
  return `${await sha1Hex(session ?? startUrl)}.json`;
}

/** The SHA-1 of a text's UTF-8, in lower-case hexadecimal: what the AWS CLI names its files by. */
export async function sha1Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The token in a file's text; undefined where the text holds none. */
export function parseToken(text: string): SsoToken | undefined {
  const record = parseObject(text);
  const accessToken = textOf(record?.accessToken);
  const expiresAt = timeOf(record?.expiresAt);
  if (record === undefined || accessToken === undefined || expiresAt === undefined) {
    return undefined;
  }
  return {
    accessToken,
    expiresAt,
    startUrl: textOf(record.startUrl),
    region: textOf(record.region),
    refreshToken: textOf(record.refreshToken),
    clientId: textOf(record.clientId),
    clientSecret: textOf(record.clientSecret),
    registrationExpiresAt: timeOf(record.registrationExpiresAt),
  };
}

/** The file's text with the token in it; what else the older text holds stays. */
export function formatToken(token: SsoToken, older?: string): string {
  const { expiresAt, registrationExpiresAt, ...texts } = token;
  const record = {
    ...(older === undefined ? {} : parseObject(older)),
    ...definedOnly(texts),
    expiresAt: formatTime(expiresAt),
    ...(registrationExpiresAt === undefined
      ? {}
      : { registrationExpiresAt: formatTime(registrationExpiresAt) }),
  };
  return JSON.stringify(record);
}

/** `2026-11-27T21:00:00Z`: to the second, which every reader takes. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The object that a JSON text holds; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Readonly<Record<string, unknown>> // a file of another program: each field is checked
      : undefined;
  } catch {
    return undefined;
  }
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** ISO 8601 with or without a fraction, or with "UTC" at its end, as the AWS CLI once wrote it. */
function timeOf(value: unknown): number | undefined {
  const text = textOf(value)?.replace(/UTC$/, "Z");
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function definedOnly(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
