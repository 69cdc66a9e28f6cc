/**
 * The options of `StsCore`, and the plain data that it returns.
 *
 * @module
 */

import type { Logger } from "../logger.ts";
import type { PlanDescription } from "../output/plan_description.ts";
import type { Progress } from "../progress.ts";
import type { AskPassphrase } from "../store/passphrase_port.ts";
import type { System } from "../system.ts";
import type { NarrowingOptions } from "./scope/narrowing_options.ts";
import type { MfaCodeOption } from "./mfa.ts";
import type { CacheKeyKeepers } from "../cache/sealing/port.ts";

/** The options of `StsCore`. */
export interface StsCoreOptions extends NarrowingOptions {
  /**
   * The profile of the IAM user that session tokens are issued for, and that assumes the roles without a source profile;
   * default for session tokens: `AWS_PROFILE`, else "default".
   */
  readonly profileName?: string | undefined;
  /** The config file; overrides `AWS_CONFIG_FILE` and `~/.aws/config`. */
  readonly configFile?: string | undefined;
  /** The credentials file; overrides `AWS_SHARED_CREDENTIALS_FILE` and `~/.aws/credentials`. */
  readonly credentialsFile?: string | undefined;
  /** The region of the STS endpoint; overrides the environment and the profiles. */
  readonly region?: string | undefined;
  /** The STS endpoint; overrides the environment and the profiles. */
  readonly endpointUrl?: string | undefined;
  /** True allows an endpoint of plain http on another machine, readable by everyone in between; default false. */
  readonly allowHttp?: boolean | undefined;
  /**
   * True lets roles that name no source be assumed with a token of the GitHub Actions job that this runs in; an audience
   * other than `sts.amazonaws.com` can be named.
   */
  readonly githubOidc?: boolean | { readonly audience: string } | undefined;
  /** The MFA device; overrides the profiles. */
  readonly mfaSerial?: string | undefined;
  /** The maximum number of concurrent calls; default 100. One batch makes no more than 500 in a second. */
  readonly concurrency?: number | undefined;
  /** The timeout of one attempt of a call, in milliseconds; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of attempts of a call; default 3. */
  readonly maxAttempts?: number | undefined;
  /**
   * Where session tokens and role credentials are cached: "memory" (default) keeps them as long as this object; "disk"
   * shares them with other processes in `~/.aws/stsaval`, which requires `--allow-write` there. Node and Bun have
   * memory alone, since they have no locks of the kernel.
   */
  readonly cache?: "memory" | "disk" | undefined;
  /**
   * True reads and writes the AWS CLI's own cache of roles, `~/.aws/cli/cache`, so that one code serves both; false does
   * not touch it; default: `share_aws_cache` of each profile.
   */
  readonly shareAwsCache?: boolean | undefined;
  /**
   * True seals the cache on disk with a key that `cacheKeys` keeps: from then on it is sealed for all; default:
   * `seal_cache` of the profiles, which ends it too where no profile wants it.
   */
  readonly sealCache?: boolean | undefined;
  /** What keeps the key of a sealed cache. Without it, a sealed cache is neither read nor added to, which is logged. */
  readonly cacheKeys?: CacheKeyKeepers | undefined;
  /** How long to wait for another process that prompts for the same code, in milliseconds; default two minutes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Asks for the passphrase of sealed keys; without it, keys that need one fail. */
  readonly passphrase?: AskPassphrase | undefined;
  /** Called with the process that is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Called at each change while credentials are fetched, for whoever shows it; with undefined at the end. */
  readonly onProgress?: ((progress: Progress | undefined) => void) | undefined;
  /** Any object with `debug`, `info`, `warn`, `error`, such as `console`; silent by default. */
  readonly logger?: Logger | undefined;
  /** Replacements for system ports, for tests: the emulator as the network, a virtual clock. */
  readonly system?: Partial<System> | undefined;
}

/** The options of `StsCore.generateSessionToken`. */
export interface SessionTokenOptions {
  /**
   * Hours, or text such as "90m"; 15 minutes to 36 hours, default one hour. A session token that exists already is used if
   * it can serve this lifetime; else a new one is made if a code can be had, and a warning says what is given if not.
   * Without it, any session token that is still fresh is used.
   */
  readonly lifetime?: number | string | undefined;
  /** Six digits, or a function that is called when a code is needed. */
  readonly mfaCode?: MfaCodeOption | undefined;
  /** Aborts the call at once. */
  readonly signal?: AbortSignal | undefined;
  /** True gets a new token although a valid one exists; default: false with the cache on disk, else true. */
  readonly renew?: boolean | undefined;
}

/** The options of `StsCore.generateCredentials`. */
export interface CredentialsOptions extends SessionTokenOptions, NarrowingOptions {
  /**
   * How long the set is kept fresh: hours, or text such as "90m"; 15 minutes to 36 hours, or `Infinity` if no MFA code
   * is involved. Without it, the set is not renewed in the background. An existing session token is used as for
   * `SessionTokenOptions.lifetime`.
   */
  readonly lifetime?: number | string | undefined;
  /**
   * As `lifetime`, if that is not given, and only for a session token that must be made: an existing one is used as long
   * as it lives.
   */
  readonly defaultLifetime?: number | string | undefined;
  /** Aborts the calls at once, and later halts the set. */
  readonly signal?: AbortSignal | undefined;
  /** True bypasses the cache and gets new credentials for all profiles; default false. */
  readonly renew?: boolean | undefined;
  /** False turns background renewal off, whatever the lifetime; default: true if one is given. */
  readonly keepFresh?: boolean | undefined;
  /** False returns what succeeded, and the errors with it; default true: one bad name rejects the whole list. */
  readonly strict?: boolean | undefined;
}

/** A configured profile. */
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
  /** The first file that defines it. */
  readonly file: string;
}

/** The result of `StsCore.explain`. */
export interface Explanation {
  /** One plan per profile, in the order requested. */
  readonly plans: readonly PlanDescription[];
  /** Notices about all plans together. */
  readonly notices: readonly string[];
}

/** Role definitions as `refactor` returns them: by profile name, in AWS's spelling. */
export type RoleDefinitions = Record<string, Record<string, string>>;
