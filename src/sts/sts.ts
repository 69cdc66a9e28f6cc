/**
 * The port `Sts`: the three calls that stsaval makes. `client.ts` is its adapter over the AWS SDK.
 *
 * @module
 */

import type { AccessKeys, Credentials } from "../credentials.ts";
import type { EndpointSettings } from "../plan.ts";

/** The code of an MFA device, for one call. */
export interface MfaCode {
  /** The ARN of a virtual device, or the number of a hardware one. */
  readonly serial: string;
  /** Six digits. */
  readonly code: string;
}

/** What every call needs. */
export interface StsCall {
  /** The keys that sign the call. */
  readonly keys: AccessKeys;
  readonly endpoint: EndpointSettings;
  /** Ends the call at once: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The input of `sts:GetSessionToken`. */
export interface GetSessionTokenCall extends StsCall {
  /** 900 to 129,600. */
  readonly durationSeconds: number;
  readonly mfa?: MfaCode | undefined;
}

/** The input of `sts:AssumeRole`. */
export interface AssumeRoleCall extends StsCall {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** 900 to 43,200. */
  readonly durationSeconds: number;
  readonly externalId?: string | undefined;
  readonly mfa?: MfaCode | undefined;
  /** The profile that names the role, for messages. */
  readonly profile?: string | undefined;
}

/** The answer of `sts:GetCallerIdentity`. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * The Security Token Service. Every call retries what is worth a retry, and rejects with `StsError` where STS said no,
 * with `StsUnreachableError` where it could not be reached or kept failing.
 */
export interface Sts {
  /** Temporary credentials of the user that signs the call. */
  getSessionToken(call: GetSessionTokenCall): Promise<Credentials>;
  /** Credentials of a role. */
  assumeRole(call: AssumeRoleCall): Promise<Credentials>;
  /** Who signs the call. */
  getCallerIdentity(call: StsCall): Promise<CallerIdentity>;
  /** How far STS's clock is ahead of ours, in milliseconds, as its newest answer said; 0 while nothing is known. */
  skewMs(): number;
}

/** An `Sts` that tells "nothing is known of its clock" from "its clock is ours". */
export interface ClockedSts extends Sts {
  /** As `skewMs`; undefined while no answer that was STS's own has told the time. */
  toldSkewMs(): number | undefined;
}
