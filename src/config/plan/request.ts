/**
 * The settings of a request, besides the profile names.
 *
 * @module
 */

import type { SourceRequest } from "../base_kind.ts";
import type { SessionTag } from "../../plan.ts";

/** What a request says of the sessions of the last roles, and of what is handed out. Nothing of it is checked yet. */
export interface NarrowingRequest {
  /** JSON, the name of a ready-made scope, or the path of a file. */
  readonly policy?: string;
  /** With `policy`, in place of both of the profile. */
  readonly policyArns?: readonly string[];
  /** Beside those of the profile; of the same key, these win. */
  readonly tags?: readonly SessionTag[];
  readonly sourceIdentity?: string;
  /** As `policy`, for a scoped copy of whatever the plan leads to. */
  readonly scope?: string;
  /** How long the scoped copy lives, in seconds. */
  readonly scopeSeconds?: number;
  /** What CloudTrail says of it. */
  readonly scopeDescription?: string;
}

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
  /** True seals the session cache; default: `seal_cache` of the profiles. */
  readonly sealCache?: boolean;
  /** What narrows and labels the sessions. */
  readonly narrowing?: NarrowingRequest;
}
