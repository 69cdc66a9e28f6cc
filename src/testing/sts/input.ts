/**
 * The input of the operations, as data.
 *
 * @module
 */

import type { MfaInput } from "../world/mfa_devices.ts";
import type { SessionParameters } from "./session_parameters.ts";

/** The input of GetSessionToken. */
export interface SessionTokenInput {
  /** 900 to 129,600; default 43,200. */
  readonly durationSeconds?: number | undefined;
  /** The caller's device and its code. */
  readonly mfa?: MfaInput | undefined;
}

/** The input of AssumeRole; a required field may be missing, and the call is then rejected as by STS. */
export interface AssumeRoleInput extends SessionParameters {
  /** The role's ARN; required. */
  readonly roleArn?: string | undefined;
  /** 2 to 64 characters of `\w+=,.@-`; required. */
  readonly roleSessionName?: string | undefined;
  /** 900 to 43,200; default 3,600. */
  readonly durationSeconds?: number | undefined;
  /** The external id that the role's trust policy may require. */
  readonly externalId?: string | undefined;
  /** The caller's device and its code. */
  readonly mfa?: MfaInput | undefined;
}

/** The input of AssumeRoleWithWebIdentity; a required field may be missing, as for AssumeRole. */
export type WebIdentityInput =
  & Pick<
    AssumeRoleInput,
    "roleArn" | "roleSessionName" | "durationSeconds" | "policy" | "policyArns"
  >
  & {
    /** The token of an identity provider; required. */
    readonly webIdentityToken?: string | undefined;
  };

/** The input of GetScopedCredentials: a policy, a duration or both. */
export interface ScopedCredentialsInput {
  /** What the copy may do at most, as JSON: up to 2,048 characters. */
  readonly policy?: string | undefined;
  /** 1 to 129,600, and no longer than the session lasts; default: until the session ends. */
  readonly durationSeconds?: number | undefined;
  /** What the copy is for, which CloudTrail shows: 2 to 256 characters. */
  readonly description?: string | undefined;
}
