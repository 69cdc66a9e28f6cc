/**
 * The limits that STS sets, checked before any call. They are those of the AWS STS API reference.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { UsageError } from "../errors.ts";
import { quoteValue } from "./file/quote.ts";

/** What a text must look like. */
export interface TextLimit {
  readonly pattern: RegExp;
  /** The rule in words, after "wanted". */
  readonly wanted: string;
}

/** The least and the most, both allowed. */
export interface NumberLimit {
  readonly min: number;
  readonly max: number;
}

/** `RoleArn`: 20 to 2,048 characters. The number of digits in an account is left to STS. */
export const roleArnLimit: TextLimit = {
  pattern: /^(?=.{20,2048}$)arn:aws[a-z0-9-]*:iam::\d+:role\/[\u0021-\u007e]+$/,
  wanted: 'an ARN of 20 to 2048 characters, such as "arn:aws:iam::123456789012:role/Deploy"',
};

/** `RoleSessionName`. */
export const roleSessionNameLimit: TextLimit = {
  pattern: /^[\w+=,.@-]{2,64}$/,
  wanted: '2 to 64 letters, digits and "_+=,.@-"',
};

/** `ExternalId`. */
export const externalIdLimit: TextLimit = {
  pattern: /^[\w+=,.@:/-]{2,1224}$/,
  wanted: '2 to 1224 letters, digits and "_+=,.@:/-"',
};

/** `SerialNumber`. */
export const mfaSerialLimit: TextLimit = {
  pattern: /^[\w+=/:,.@-]{9,256}$/,
  wanted: '9 to 256 letters, digits and "_+=/:,.@-", such as "arn:aws:iam::123456789012:mfa/kim"',
};

/** Seconds for which a role can be assumed. */
export const roleSeconds: NumberLimit = { min: 900, max: 43_200 };

/** Seconds for which a session token can be had. */
export const sessionSeconds: NumberLimit = { min: 900, max: 129_600 };

/** Seconds for a role that is assumed with a session token or from another role: AWS refuses more. */
export const chainedRoleSeconds = 3_600;

/** True where the number keeps to the limit. */
export function isWithin(value: number, { min, max }: NumberLimit): boolean {
  return value >= min && value <= max;
}

/**
 * The lifetime itself, in seconds, when a session token can live that long.
 *
 * @throws {UsageError} when it is not 15 minutes to 36 hours
 */
export function checkLifetime(seconds: number): number {
  if (isWithin(seconds, sessionSeconds)) return seconds;
  throw new UsageError(
    `Cannot use a lifetime of ${formatDuration(seconds, Infinity)}: wanted 15 minutes to 36 hours`,
    { hint: 'give hours, such as 5, or units, such as "90m"' },
  );
}

/**
 * The serial itself, when it can be one.
 *
 * @throws {UsageError} when it breaks the rule of STS
 */
export function checkMfaSerial(serial: string): string {
  if (mfaSerialLimit.pattern.test(serial)) return serial;
  throw new UsageError(
    `Cannot use MFA serial ${quoteValue(serial)}: wanted ${mfaSerialLimit.wanted}`,
  );
}
