/**
 * What is asked for beside the names of profiles.
 *
 * @module
 */

/** Each field comes before what the environment and the files say. */
export interface PlanRequest {
  /** Seconds, 900 to 129,600, where somebody asked for them; a session token lives one hour otherwise. */
  readonly lifetimeSeconds?: number;
  /** The region of the STS endpoint. */
  readonly region?: string;
  /** The STS endpoint. */
  readonly endpointUrl?: string;
  /** The MFA device. */
  readonly mfaSerial?: string;
  /** The profile that assumes the roles which name no source. */
  readonly sourceProfile?: string;
  /** True shares every role with the AWS CLI, false none; otherwise `share_aws_cache` of each profile counts. */
  readonly shareAwsCache?: boolean;
}
