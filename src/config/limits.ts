/**
 * The limits of STS, from the AWS STS API reference, checked before any call.
 *
 * @module
 */

import { formatDuration } from "../duration.ts";
import { UsageError } from "../errors.ts";
import { regionPattern } from "../plan.ts";
import { quoteValue } from "./file/quote.ts";
import { deviceFault } from "./mfa_device.ts";

/** The format of a text value. */
export interface TextLimit {
  readonly pattern: RegExp;
  /** Describes the format, after "wanted". */
  readonly wanted: string;
}

/** An inclusive range. */
export interface NumberLimit {
  readonly min: number;
  readonly max: number;
}

/** `RoleArn`: its length and nothing else. Servers other than AWS's have ARNs of other forms. */
export const roleArnLimit: TextLimit = {
  pattern: /^.{20,2048}$/su,
  wanted: 'an ARN of 20 to 2048 characters, such as "arn:aws:iam::123456789012:role/Deploy"',
};

/** A region: it becomes part of a host name, so it must not be able to name another host. */
export const regionLimit: TextLimit = {
  pattern: regionPattern,
  wanted: 'letters, digits and hyphens, such as "eu-west-1"',
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

/** Duration of a role session, in seconds. */
export const roleSeconds: NumberLimit = { min: 900, max: 43_200 };

/** Duration of a session token, in seconds. */
export const sessionSeconds: NumberLimit = { min: 900, max: 129_600 };

/** Maximum seconds for a role that is assumed with a session token or from another role (role chaining). */
export const chainedRoleSeconds = 3_600;

/** True if the number is in range. */
export function isWithin(value: number, { min, max }: NumberLimit): boolean {
  return value >= min && value <= max;
}

/**
 * Validates a lifetime in seconds against the limits of a session token, and returns it.
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
 * Validates an MFA serial, and returns it.
 *
 * @throws {UsageError} when STS does not allow it
 */
export function checkMfaSerial(serial: string): string {
  const fault = deviceFault(serial);
  if (fault !== undefined) {
    throw new UsageError(`Cannot use MFA serial ${quoteValue(serial)}: it ${fault.why}`, {
      hint: fault.hint,
    });
  }
  if (mfaSerialLimit.pattern.test(serial)) return serial;
  throw new UsageError(
    `Cannot use MFA serial ${quoteValue(serial)}: wanted ${mfaSerialLimit.wanted}`,
  );
}
