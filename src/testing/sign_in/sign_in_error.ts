/**
 * The errors of AWS Sign-In, as they are sent.
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";

/** The codes, with the HTTP status and the class of the SDKs. */
const kinds = {
  "TOKEN_EXPIRED": [400, "AccessDeniedException"],
  "USER_CREDENTIALS_CHANGED": [400, "AccessDeniedException"],
  "INSUFFICIENT_PERMISSIONS": [400, "AccessDeniedException"],
  "INVALID_REQUEST": [400, "ValidationException"],
} as const;

/** A call that AWS Sign-In rejects. */
export class SignInEmulatorError extends EmulatorError {
  /** The name of the class. */
  override readonly name: string = "SignInEmulatorError";
  /** The class of the SDKs, sent in a header. */
  readonly type: string;

  /** An error as the service sends it. */
  constructor(code: keyof typeof kinds, message: string) {
    const [status, type] = kinds[code];
    super(code, status, message);
    this.type = type;
  }
}

/** An error with one of the service's codes. */
export function signInError(code: keyof typeof kinds, message: string): SignInEmulatorError {
  return new SignInEmulatorError(code, message);
}
