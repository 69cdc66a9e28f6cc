/**
 * `StsCore`, the facade: one MFA code, then the credentials of many roles.
 *
 * @module
 */

import { resolveSessionPlan } from "../config/plan/plan.ts";
import { addProfiles, type Config, loadConfig, loadRoleFile } from "../config/load.ts";
import { checkLifetime } from "../config/limits.ts";
import { formatRole, type Profile } from "../config/profile.ts";
import { denoSystem } from "../deno/system.ts";
import { InterruptedError, ProfileError, type StsavalError, UsageError } from "../errors.ts";
import { type Logger, loggerFor, nonThrowing, nonThrowingLogger, silentLogger } from "../logger.ts";
import { type CredentialPlan, planSteps, sharesAwsCache } from "../plan.ts";
import { describePlan } from "../output/plan_description.ts";
import { createSts } from "../sts/client.ts";
import type { ClockedSts } from "../sts/sts.ts";
import { ProgressState } from "../progress.ts";
import type { System } from "../system.ts";
import { Connection } from "./connection.ts";
import { endpointProblems, hostLimit } from "./called_urls.ts";
import { createAwsCliCache } from "../cache/aws_cli_cache.ts";
import { createLogoutFile, createSessionCache } from "../cache/cache.ts";
import type { LogoutFile } from "../cache/logout_file.ts";
import type { SessionCache } from "../cache/port.ts";
import type { LogoutMark } from "../cache/logouts.ts";
import type { CredentialSet, LiveCredentials } from "../refresh/live.ts";
import type {
  CredentialsOptions,
  Explanation,
  ProfileSummary,
  RoleDefinitions,
  SessionTokenOptions,
  StsCoreOptions,
} from "./core_options.ts";
import { BaseCredentials } from "./base_credentials.ts";
import { createMfaSource } from "./mfa.ts";
import { narrowedPlans } from "./scope/narrowed_plans.ts";
import type { NarrowingOptions } from "./scope/narrowing_options.ts";
import { checkCoreOptions } from "./option_limits.ts";
import { createPlanCache, type PlanCache } from "../cache/plan_cache.ts";
import { checkAgainstMfa, configOptions, lifetimeSeconds, planRequest } from "./plan_settings.ts";
import { Provider } from "./provider.ts";
import { sealWish } from "./sealed_cache.ts";
import { SetMaker } from "./set_maker.ts";
import { logUsedWarnings } from "./used_warnings.ts";
import { LiveToken } from "./token.ts";

const defaultConcurrency = 16;
const newerReason = "newer credentials are generated";

/**
 * Gets temporary credentials for many roles with one MFA code.
 *
 * Requires `--allow-read=~/.aws` (with the path written out), `--allow-env` for the `AWS_…` variables and `HOME`, and
 * `--allow-net` for the STS host.
 *
 * @example Here against the emulator; without `system`, it reads your ~/.aws and calls AWS.
 * ```ts
 * import { StsCore } from "@x/stsaval";
 * import { createStsEmulator, emulatorSystem } from "@x/stsaval/testing";
 *
 * const emulator = createStsEmulator();
 * await using sts = new StsCore({ system: emulatorSystem(emulator) });
 * const credentials = await sts.generateCredentials(["DynamoDBRole-dev", "CodeDeployRole-qa"], {
 *   mfaCode: (serial) => emulator.mfaCode(serial),
 * });
 * if (credentials["sts-DynamoDBRole-dev"].Expiration.getTime() < 0) throw new Error("ended");
 * ```
 */
export class StsCore implements AsyncDisposable {
  readonly #options: StsCoreOptions;
  readonly #system: System;
  /** Without a module name. */
  readonly #rootLogger: Logger;
  readonly #logger: Logger;
  readonly #connection: Connection;
  readonly #sts: ClockedSts;
  readonly #cache: SessionCache | undefined;
  readonly #base: BaseCredentials;
  readonly #provider: Provider;
  readonly #maker: SetMaker;
  readonly #progress: ProgressState;
  readonly #extra = new Map<string, Profile>();
  #controller = new AbortController();
  #current: CredentialSet | undefined;
  #cachedSkew = { ms: 0, issued: -Infinity };
  #generation = 0;
  #disposed = false;

  /**
   * Makes no call and reads no file until a method is called.
   *
   * @throws {UsageError} when a numeric option is out of range
   */
  constructor(options: StsCoreOptions = {}) {
    checkCoreOptions(options);
    const given = { ...denoSystem, ...options.system };
    this.#connection = new Connection(given);
    const system = { ...given, network: this.#connection.network };
    this.#options = options;
    this.#system = system;
    this.#rootLogger = nonThrowingLogger(options.logger ?? silentLogger);
    this.#logger = loggerFor(this.#rootLogger, "core");
    this.#progress = new ProgressState(this.#safely("onProgress", options.onProgress));
    this.#sts = createSts({ ...system, logger: this.#rootLogger, waits: this.#progress }, options);
    this.#cache = options.cache === "disk" ? this.#diskCache() : undefined;
    const cache = this.#cache && this.#planCache(this.#cache);
    const { timeoutMs, lockTimeoutMs, onWait, passphrase } = options;
    const ports = { sts: this.#sts, now: this.#now, logger: this.#logger, cache };
    const awsCliCache = createAwsCliCache({
      ...this.#cachePorts(),
      isLoggedOut: async (mark, owner) => await this.#logouts()?.covers(mark, owner) ?? false,
    });
    const waiting = { timeoutMs, lockTimeoutMs, onWait, waits: this.#progress, passphrase };
    this.#base = new BaseCredentials({ ...ports, system, ...waiting, awsCliCache });
    this.#provider = new Provider({ ...ports, base: this.#base, awsCliCache });
    this.#maker = new SetMaker({
      provider: this.#provider,
      sts: { skewMs: this.#skewMs },
      clock: system.clock,
      random: system.random,
      logger: loggerFor(this.#rootLogger, "refresher"),
      concurrency: options.concurrency ?? defaultConcurrency,
    });
  }

  /**
   * Gets a new session token for the user; roles that need MFA are assumed with it from then on.
   *
   * @throws {ProfileError} when the profile has no keys
   * @throws {MfaError} when a code is needed and none was given
   * @throws {StsError} when STS refuses
   */
  async generateSessionToken(options: SessionTokenOptions = {}): Promise<LiveToken> {
    const signal = this.#begin(options.signal);
    checkLifetime(lifetimeSeconds(options));
    const config = await this.#loadConfig();
    const plan = resolveSessionPlan(
      config,
      this.#options.profileName,
      planRequest(this.#options, options, this.#system.env),
    );
    logUsedWarnings(config, [], [plan], loggerFor(this.#rootLogger, "config"));
    await this.#connection.prepare(caBundlesOf(config, [plan]));
    await this.#sealCache([plan], config);
    const mfa = createMfaSource(options.mfaCode, () => [plan.profile]);
    const renew = options.renew ?? this.#options.cache !== "disk";
    const beforeCall = hostLimit(this.#system.network, planSteps(plan));
    const mark = await this.#logoutMark([plan]);
    using _work = this.#progress.begin(1);
    const made = await this.#provider.carryOut(plan, { mfa, signal, renew, mark, beforeCall });
    return new LiveToken(plan.profile, () => this.#provider.sessionOf(plan) ?? made, this.#now);
  }

  /**
   * The credentials of all the profiles, keyed `sts-<profile>`. Once the new set is planned, the previous one is halted;
   * of sets requested concurrently, all but the last requested come halted.
   *
   * @throws {ProfileError} naming every profile that cannot be used, before the first call
   * @throws {MfaError} when a code is needed and none was given
   * @throws {StsError} when STS refuses
   * @throws {StsUnreachableError} when STS cannot be reached
   */
  async generateCredentials<const Names extends readonly string[]>(
    profiles: Names,
    options: CredentialsOptions = {},
  ): Promise<LiveCredentials<Names[number]>> {
    checkNames("generate credentials", profiles);
    const signal = this.#begin(options.signal);
    const { plans, failures, config } = await this.#plan([...new Set(profiles)], options);
    const lifetime = lifetimeSeconds(options);
    checkAgainstMfa(plans, lifetime);
    await this.#sealCache(plans, config);
    const mfa = createMfaSource(options.mfaCode, (serial) => profilesWaitingFor(serial, plans));
    const generation = ++this.#generation;
    await this.#current?.halt(newerReason);
    const work = this.#progress.begin(plans.length);
    using _work = work;
    const set = await this.#maker.make(plans, {
      onDone: () => work.done(),
      mfa,
      signal,
      mark: await this.#logoutMark(plans),
      beforeCall: hostLimit(this.#system.network, plans.flatMap(planSteps)),
      strict: options.strict ?? true,
      errors: failures,
      lifetime,
      lifetimeIsDefault: options.lifetime === undefined && options.defaultLifetime !== undefined,
      renew: options.renew ?? false,
      keepFresh: options.keepFresh ?? (options.lifetime ?? options.defaultLifetime) !== undefined,
    });
    haltWith(set, signal);
    if (generation === this.#generation) this.#current = set;
    else await set.halt(newerReason);
    return set as LiveCredentials<Names[number]>;
  }

  /** The newest set; undefined before the first one. */
  get currentCredentials(): LiveCredentials | undefined {
    return this.#current as LiveCredentials | undefined;
  }

  /** The profiles of the configuration files, and of every file passed to {@linkcode StsCore.refactor}. */
  async profiles(): Promise<ProfileSummary[]> {
    const { profiles } = await this.#loadConfig();
    return [...profiles.values()].map((profile) => ({
      name: profile.name,
      roleArn: profile.roleArn,
      sourceProfile: profile.sourceProfile,
      mfaSerial: profile.mfaSerial,
      region: profile.region,
      file: profile.place.file,
    }));
  }

  /**
   * Reads role definitions stored outside `~/.aws`; from then on their profiles can be used like the others. The result
   * never contains long-term secrets.
   *
   * @throws {ConfigError} when the file cannot be read as configuration
   */
  async refactor(file: string): Promise<RoleDefinitions> {
    const found = await loadRoleFile(this.#system, file);
    for (const [name, profile] of found) this.#extra.set(name, profile);
    const roles = [...found].filter(([, { roleArn }]) => roleArn !== undefined);
    return Object.fromEntries(roles.map(([name, profile]) => [name, formatRole(profile)]));
  }

  /**
   * Explains how the credentials of profiles would be obtained, and why. Makes no call.
   *
   * @throws {ProfileError} naming every profile that cannot be used
   */
  async explain(
    profiles: readonly string[],
    options: Pick<CredentialsOptions, "lifetime"> & NarrowingOptions = {},
  ): Promise<Explanation> {
    checkNames("explain", profiles);
    const result = await narrowedPlans(
      this.#system,
      await this.#loadConfig(),
      profiles,
      planRequest(this.#options, options, this.#system.env),
    );
    if (result.problems.length > 0) throw new ProfileError(result.problems);
    return { plans: result.plans.map(describePlan), notices: result.notices };
  }

  /** Stops every timer and every call in flight, at once. */
  halt(reason = "halt was called"): void {
    this.#current?.halt(reason);
    this.#controller.abort(new DOMException(`Halted: ${reason}`, "AbortError"));
    this.#controller = new AbortController();
  }

  /** Halts, and discards every session token. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.halt("stsaval was disposed");
    this.#provider.forget();
    await this.#current?.halt();
    await this.#base.settled();
  }

  /** Milliseconds by STS's clock, as far as known. */
  readonly #now = (): number => this.#system.clock.now() + this.#skewMs();

  /** How far STS's clock is ahead: from its responses, or from the newest cache entry before the first one. */
  readonly #skewMs = (): number => this.#sts.measuredSkewMs() ?? this.#cachedSkew.ms;

  #cachePorts() {
    const { clock, env, files } = this.#system;
    const logger = loggerFor(this.#rootLogger, "cache");
    return { clock, env, files, logger, skewMs: this.#skewMs };
  }

  /** Undefined if there is no cache folder; credentials are then kept in memory only. */
  #diskCache(): SessionCache | undefined {
    const { random } = this.#system;
    const { cacheKeys: keepers } = this.#options;
    return createSessionCache({
      ...this.#cachePorts(),
      sealing: keepers && { keepers, random },
      skewMs: () => this.#sts.measuredSkewMs(),
      onSkew: (ms, issued) => {
        if (issued >= this.#cachedSkew.issued) this.#cachedSkew = { ms, issued };
      },
    });
  }

  #planCache(cache: SessionCache): PlanCache {
    const ports = this.#cachePorts();
    const { lockTimeoutMs, onWait } = this.#options;
    const tellWait = onWait && this.#safely("onWait", onWait);
    const waits = this.#progress;
    return createPlanCache({ ...ports, cache, lockTimeoutMs, onWait: tellWait, waits });
  }

  /** Seals the cache or ends that, if the plans say so. */
  async #sealCache(plans: readonly CredentialPlan[], config: Config): Promise<void> {
    const wish = sealWish(plans, config);
    if (wish !== undefined) await this.#cache?.seal(wish);
  }

  /** A callback of the caller that fails is reported, and harms nothing. */
  #safely<Value>(name: string, callback: (value: Value) => unknown = () => {}) {
    return nonThrowing(callback, (why) => this.#logger.error(`callback: ${name} failed: ${why}`));
  }

  #logouts(): LogoutFile | undefined {
    return createLogoutFile({ ...this.#system, logger: silentLogger });
  }

  /** What is known of logouts now; undefined if nothing can be cached on disk. */
  async #logoutMark(plans: readonly CredentialPlan[]): Promise<LogoutMark | undefined> {
    const isCached = this.#options.cache === "disk" ||
      plans.some(sharesAwsCache);
    return isCached ? await this.#logouts()?.mark() : undefined;
  }

  #begin(signal: AbortSignal | undefined): AbortSignal {
    if (this.#disposed) throw new UsageError("Cannot use this StsCore: it has been disposed");
    return signal === undefined
      ? this.#controller.signal
      : AbortSignal.any([signal, this.#controller.signal]);
  }

  async #loadConfig(): Promise<Config> {
    const config = await loadConfig(this.#system, configOptions(this.#options));
    return this.#extra.size === 0 ? config : addProfiles(config, this.#extra);
  }

  async #plan(names: readonly string[], options: CredentialsOptions) {
    const config = await this.#loadConfig();
    const { plans, problems, notices } = await narrowedPlans(
      this.#system,
      config,
      names,
      planRequest(this.#options, options, this.#system.env),
    );
    logUsedWarnings(config, names, plans, loggerFor(this.#rootLogger, "config"));
    if (options.strict ?? true) {
      const all = [...problems, ...endpointProblems(plans)];
      if (all.length > 0) throw new ProfileError(all);
    }
    await this.#connection.prepare(caBundlesOf(config, plans));
    for (const notice of notices) this.#logger.warn(`validate: ${notice}`);
    for (const plan of plans) {
      for (const notice of plan.notices) this.#logger.info(`validate: ${notice}`);
    }
    const valid = plans.map((plan) => `'${plan.profile}'`).join(", ");
    this.#logger.info(`validate: Valid account profile names: [${valid}]`);
    const failures = new Map<string, StsavalError>(
      problems.map((problem) => [problem.profile, new ProfileError([problem])]),
    );
    return { plans, failures, config };
  }
}

/** What the requested profiles set as `ca_bundle`. */
function caBundlesOf(config: Config, plans: readonly CredentialPlan[]): readonly string[] {
  return plans.flatMap(({ profile }) => config.profiles.get(profile)?.caBundle ?? []);
}

/** The profiles whose plans need a code of the device. */
function profilesWaitingFor(serial: string, plans: readonly CredentialPlan[]): readonly string[] {
  const needsIt = (plan: CredentialPlan) =>
    [plan.session, ...plan.roles].some((step) => step?.mfaSerial === serial);
  return plans.filter(needsIt).map(({ profile }) => profile);
}

/** For callers without a type checker: a string would be iterated letter by letter. */
function checkNames(goal: string, profiles: unknown): void {
  const isList = Array.isArray(profiles) && profiles.every((name) => typeof name === "string");
  if (isList && profiles.length > 0) return;
  const found = isList
    ? "an empty list"
    : Array.isArray(profiles)
    ? "other values"
    : typeof profiles;
  throw new UsageError(`Cannot ${goal}: found ${found}, wanted a list of profile names`);
}

/** Halts the set when the signal aborts, or now if it has; a halted set removes its listener from the signal. */
function haltWith(set: CredentialSet, signal: AbortSignal): void {
  const stop = () => void set.halt(abortReason(signal));
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop, { once: true });
  set.addEventListener("halt", () => signal.removeEventListener("abort", stop), { once: true });
}

function abortReason({ reason }: AbortSignal): string {
  return reason instanceof InterruptedError
    ? reason.message.toLowerCase()
    : "its signal was aborted";
}
