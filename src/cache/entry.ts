/**
 * The format of a cache file: credentials, and whom they belong to.
 *
 * @module
 */

import { Credentials } from "../credentials.ts";

/** Whom the credentials belong to, for `stsaval status`. Never a secret. */
export interface CacheOwner {
  /** The profile that requested them first. */
  readonly profile: string;
  /** The call that gave them, such as "AssumeRole", or the kind of source, such as "sso". */
  readonly operation: string;
  readonly roleArn?: string | undefined;
  readonly mfaSerial?: string | undefined;
  readonly region?: string | undefined;
}

/** Credentials as they are stored. */
export interface CacheEntry extends CacheOwner {
  readonly credentials: Credentials;
  /** The duration requested from STS, in seconds. */
  readonly durationSeconds: number;
  /** How far STS's clock was ahead of ours when they were issued, in milliseconds. */
  readonly skewMs: number;
}

const version = 1;

/** The version of the formats that this program writes, which every file of the cache names. */
export const cacheVersion = version;

/** That of a sealed entry: a program that knows no sealing leaves it alone. Version 2 was never released. */
export const sealedVersion = 3;

/** True for a file that a newer program wrote in a format of its own: it is not ours to replace. */
export function isOfNewerVersion(text: string | undefined): boolean {
  const found = parseRecord(text)?.version;
  return typeof found === "number" && found > version && found !== sealedVersion;
}

/** Whether the text is that of a sealed entry, readable or not. */
export function isSealed(text: string | undefined): boolean {
  return parseRecord(text)?.version === sealedVersion;
}

/** The text of an entry's file. */
export function formatEntry({ credentials, ...rest }: CacheEntry): string {
  return `${JSON.stringify({ version, ...rest, credentials }, null, 2)}\n`;
}

/** The entry, or undefined if the text is not one of this version. */
export function parseEntry(text: string): CacheEntry | undefined {
  const found = parseRecord(text);
  if (found?.version !== version) return undefined;
  const { profile, operation, durationSeconds, skewMs } = found;
  const credentials = readCredentials(found.credentials);
  if (typeof profile !== "string" || credentials === undefined) return undefined;
  if (typeof operation !== "string") return undefined;
  if (typeof durationSeconds !== "number" || typeof skewMs !== "number") return undefined;
  const { roleArn, mfaSerial, region } = found;
  return {
    profile,
    operation,
    roleArn: textOf(roleArn),
    mfaSerial: textOf(mfaSerial),
    region: textOf(region),
    durationSeconds,
    skewMs,
    credentials,
  };
}

/** The object that the JSON text describes; undefined for anything else, and where there is no text. */
export function parseRecord(
  text: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  // Most lookups find nothing, and to throw costs more than the rest of them.
  if (text === undefined) return undefined;
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value, if it is a plain object. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, unknown>>
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The credentials that the value describes; undefined if a field is missing or a date is invalid. */
export function readCredentials(value: unknown): Credentials | undefined {
  const fields = asRecord(value);
  const [AccessKeyId, SecretAccessKey, SessionToken, start, end] = [
    ...["AccessKeyId", "SecretAccessKey", "SessionToken", "StartTime", "Expiration"],
  ].map((name) => textOf(fields?.[name]));
  const [StartTime, Expiration] = [new Date(start ?? ""), new Date(end ?? "")];
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) return undefined;
  if (Number.isNaN(StartTime.getTime()) || Number.isNaN(Expiration.getTime())) return undefined;
  return new Credentials({ AccessKeyId, SecretAccessKey, SessionToken, StartTime, Expiration });
}
