/**
 * The settings of a request, besides the profile names.
 *
 * @module
 */

import type { SourceRequest } from "../base_kind.ts";

/** Each field overrides the environment and the files. */
export interface PlanRequest extends SourceRequest {
  /** Seconds, 900 to 129,600; default for a session token: one hour. */
  readonly lifetimeSeconds?: number;
  /** True if that is only a default: an existing session token is then used, however long it still lives. */
  readonly lifetimeIsDefault?: boolean;
  /** The MFA device. */
  readonly mfaSerial?: string;
  /** The profile that assumes roles without a source. */
  readonly sourceProfile?: string;
  /** True shares every role with the AWS CLI, false none; default: `share_aws_cache` of each profile. */
  readonly shareAwsCache?: boolean;
}
