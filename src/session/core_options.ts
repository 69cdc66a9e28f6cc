/**
 * What `StsCore` takes, and the plain data that it gives.
 *
 * @module
 */

import type { Logger } from "../logger.ts";
import type { PlanDescription } from "../output/plan_description.ts";
import type { System } from "../system.ts";
import type { MfaCodeOption } from "./mfa.ts";

/** How an `StsCore` is set up. All of it is optional. */
export interface StsCoreOptions {
  /**
   * The IAM user whose session tokens are made, and who assumes the roles that name no source profile; default for
   * session tokens: `AWS_PROFILE`, else "default".
   */
  readonly profileName?: string | undefined;
  /** The file in place of `AWS_CONFIG_FILE` and `~/.aws/config`. */
  readonly configFile?: string | undefined;
  /** The file in place of `AWS_SHARED_CREDENTIALS_FILE` and `~/.aws/credentials`. */
  readonly credentialsFile?: string | undefined;
  /** The region of the STS endpoint, before the environment's and the profiles'. */
  readonly region?: string | undefined;
  /** The STS endpoint, before the environment's and the profiles'. */
  readonly endpointUrl?: string | undefined;
  /** The MFA device, before the profiles' own. */
  readonly mfaSerial?: string | undefined;
  /** How many calls may be under way at once; default 16. */
  readonly concurrency?: number | undefined;
  /** Milliseconds after which one attempt of a call is given up; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a call is tried in all; default 3. */
  readonly maxAttempts?: number | undefined;
  /**
   * Where session tokens and roles are kept: "memory" (default) forgets them with this object; "disk" shares them with
   * other processes in `~/.aws/stsaval`, which requires `--allow-write` there.
   */
  readonly cache?: "memory" | "disk" | undefined;
  /**
   * True reads and writes the AWS CLI's own cache of roles, `~/.aws/cli/cache`, so that one code serves both; false keeps
   * away from it; default: as each profile says with `share_aws_cache`.
   */
  readonly shareAwsCache?: boolean | undefined;
  /** Milliseconds to wait for another process that is being asked for the same code; default two minutes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Told which process is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Any object with `debug`, `info`, `warn`, `error`, such as `console`; without one, stsaval is silent. */
  readonly logger?: Logger | undefined;
  /** Parts of the outside world in place of the real ones, for tests: a network that is the emulator, a virtual clock. */
  readonly system?: Partial<System> | undefined;
}

/** What `StsCore.generateSessionToken` is asked for. */
export interface SessionTokenOptions {
  /** Hours, or text such as "90m"; 15 minutes to 36 hours, default one hour. */
  readonly lifetime?: number | string | undefined;
  /** Six digits, or a function that is asked when they are needed. */
  readonly mfaCode?: MfaCodeOption | undefined;
  /** Ends the call at once. */
  readonly signal?: AbortSignal | undefined;
  /** True gets new ones although others still live; default: false with the cache on disk, else true. */
  readonly renew?: boolean | undefined;
}

/** What `StsCore.generateCredentials` is asked for. */
export interface CredentialsOptions extends SessionTokenOptions {
  /**
   * How long the set is kept fresh: hours, or text such as "90m"; 15 minutes to 36 hours, `Infinity` where no MFA code is
   * involved. Without it there is one set and nothing in the background.
   */
  readonly lifetime?: number | string | undefined;
  /** Ends the calls at once, and later halts the set. */
  readonly signal?: AbortSignal | undefined;
  /** True gets all of them anew although others still live in the cache; default false. */
  readonly renew?: boolean | undefined;
  /** False leaves nothing in the background, whatever the lifetime; default: whether one is given. */
  readonly keepFresh?: boolean | undefined;
  /** False returns what worked, and the errors beside it; default true: one bad name rejects the whole list. */
  readonly strict?: boolean | undefined;
}

/** A profile that is known. */
export interface ProfileSummary {
  /** Its name. */
  readonly name: string;
  /** The role that it assumes. */
  readonly roleArn: string | undefined;
  /** The profile whose credentials the role is assumed with. */
  readonly sourceProfile: string | undefined;
  /** Its MFA device. */
  readonly mfaSerial: string | undefined;
  /** Its region. */
  readonly region: string | undefined;
  /** The file that it was read from first. */
  readonly file: string;
}

/** What `StsCore.explain` tells. */
export interface Explanation {
  /** A plan for each profile, in the order asked for. */
  readonly plans: readonly PlanDescription[];
  /** What the user should know of all of them together. */
  readonly notices: readonly string[];
}

/** Role definitions as `refactor` gives them: by profile name, in AWS's spelling. */
export type RoleDefinitions = Record<string, Record<string, string>>;
