/**
 * The port `Sts`: the calls that stsaval makes. `client.ts` is its adapter over the AWS SDK.
 *
 * @module
 */

import type { AccessKeys, Credentials } from "../credentials.ts";
import type { EndpointSettings, SessionParameters, SessionPolicies } from "../plan.ts";

/** The code of an MFA device, for one call. */
export interface MfaCode {
  /** The ARN of a virtual device, or the number of a hardware one. */
  readonly serial: string;
  /** Six digits. */
  readonly code: string;
}

/** The input of every call. */
export interface UnsignedCall {
  readonly endpoint: EndpointSettings;
  /** Aborts the call at once: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The input of every call that is signed. */
export interface StsCall extends UnsignedCall {
  /** The keys that sign the call. */
  readonly keys: AccessKeys;
}

/** The input of `sts:GetSessionToken`. */
export interface GetSessionTokenCall extends StsCall {
  /** 900 to 129,600. */
  readonly durationSeconds: number;
  readonly mfa?: MfaCode | undefined;
}

/** The input of `sts:AssumeRole`. */
export interface AssumeRoleCall extends StsCall, SessionParameters {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** 900 to 43,200. */
  readonly durationSeconds: number;
  readonly externalId?: string | undefined;
  readonly mfa?: MfaCode | undefined;
  /** The profile that names the role, for messages. */
  readonly profile?: string | undefined;
}

/** The input of `sts:AssumeRoleWithWebIdentity`, which no keys sign: the token is the proof. */
export interface WebIdentityCall extends UnsignedCall, SessionPolicies {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** A JSON Web Token, 4 to 20,000 characters. */
  readonly webIdentityToken: string;
  /** 900 to 43,200; STS's default is 3,600. */
  readonly durationSeconds?: number | undefined;
  /** The profile that names the role, for messages. */
  readonly profile?: string | undefined;
}

/** The input of `sts:GetScopedCredentials`: a policy, a duration or both. The keys must be temporary. */
export interface ScopedCredentialsCall extends StsCall {
  /** A policy as JSON, at most 2,048 characters. */
  readonly policy?: string | undefined;
  /** 1 to 129,600, and no more than the session has left; without it the copy ends when the session does. */
  readonly durationSeconds?: number | undefined;
  /** For CloudTrail; 2 to 256 characters. */
  readonly description?: string | undefined;
  /** The profile, for messages. */
  readonly profile?: string | undefined;
}

/** The response of `sts:GetCallerIdentity`. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * The Security Token Service. Every call retries transient failures, and rejects with `StsError` if STS rejected the
 * request, with `StsUnreachableError` if it could not be reached or kept failing.
 */
export interface Sts {
  /** Temporary credentials of the user that signs the call. */
  getSessionToken(call: GetSessionTokenCall): Promise<Credentials>;
  /** Credentials of a role. */
  assumeRole(call: AssumeRoleCall): Promise<Credentials>;
  /** Credentials of a role, for the token of an identity provider. Never signed, whatever keys there are. */
  assumeRoleWithWebIdentity(call: WebIdentityCall): Promise<Credentials>;
  /** A copy of the session that signs the call: the same identity, allowed less. */
  getScopedCredentials(call: ScopedCredentialsCall): Promise<Credentials>;
  /** The identity of the caller. */
  getCallerIdentity(call: StsCall): Promise<CallerIdentity>;
  /** How far STS's clock is ahead of ours, in milliseconds, by its newest response; 0 while unknown. */
  skewMs(): number;
}

/** An `Sts` that distinguishes an unknown clock skew from none. */
export interface ClockedSts extends Sts {
  /** As `skewMs`; undefined until a response of STS has given its time. */
  measuredSkewMs(): number | undefined;
}
