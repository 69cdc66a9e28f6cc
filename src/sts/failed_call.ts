/**
 * A call to STS that failed for good, as plain data.
 *
 * @module
 */

import type { AccessKeys } from "../credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Failure } from "./failure.ts";
import type { MfaCode } from "./sts.ts";

/** The operation, and whom it is for. */
export interface CallSubject {
  readonly operation:
    | "GetSessionToken"
    | "AssumeRole"
    | "AssumeRoleWithWebIdentity"
    | "GetScopedCredentials"
    | "GetCallerIdentity";
  readonly roleArn?: string;
  /** The profile that names the role. */
  readonly profile?: string | undefined;
  readonly mfa?: MfaCode | undefined;
  readonly webIdentityToken?: string;
}

/** A call that failed for good. */
export interface FailedCall {
  readonly subject: CallSubject;
  readonly endpoint: Endpoint;
  /** The keys that signed it; undefined for a call that is not signed. */
  readonly keys: AccessKeys | undefined;
  readonly failure: Failure;
  /** The number of attempts. */
  readonly attempts: number;
}
