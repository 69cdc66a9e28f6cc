/**
 * Which errors mean that another MFA code may do. It stands by itself, since it is asked where nothing else of failed calls
 * is loaded.
 *
 * @module
 */

import { StsError } from "../errors.ts";

/** What STS says of a code that is wrong, too old, or used already. */
export const invalidCode = { code: /^AccessDenied/, text: /invalid MFA one.?time pass.?code/i };

/** Whether STS refused the code, so that another one of the same device may do. */
export function isCodeRefusal(error: unknown): error is StsError {
  return error instanceof StsError && invalidCode.code.test(error.awsCode ?? "") &&
    invalidCode.text.test(error.message);
}
