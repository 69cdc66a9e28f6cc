/**
 * Tells MFA devices whose codes STS does not take, by their serials.
 *
 * @module
 */

/** Why a device is of no use here, and the way that works. */
export interface DeviceFault {
  /** What follows the serial. */
  readonly why: string;
  readonly hint: string;
}

const wanted = "name a device that shows six digits, such as arn:aws:iam::123456789012:mfa/kim: " +
  "a virtual device or a hardware token";

/** Undefined for a device that may give six digits: hardware tokens have serials of any form. */
export function deviceFault(serial: string): DeviceFault | undefined {
  if (/(?:^|:|\/)u2f\//i.test(serial)) {
    return {
      why: "is a security key or a passkey, which gives no six digits, and STS takes nothing else",
      hint: `${wanted}; AWS lets a user have up to eight devices, so it can stand beside the key`,
    };
  }
  const [, kind] = /^arn:aws[\w-]*:(?:iam|sts)::\d*:(user|role|group|assumed-role|root)\b/
    .exec(serial) ?? [];
  if (kind === undefined) return undefined;
  return { why: `is the ARN of a ${kind}, not of an MFA device`, hint: wanted };
}
