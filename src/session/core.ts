/**
 * `StsCore`, the facade: one MFA code, then the credentials of many roles.
 *
 * @module
 */

import { resolveSessionPlan } from "../config/plan/plan.ts";
import { addProfiles, type Config, loadConfig, loadRoleFile } from "../config/load.ts";
import { checkLifetime } from "../config/limits.ts";
import { formatRole, type Profile } from "../config/profile.ts";
import { systemWith } from "../host.ts";
import { InterruptedError, ProfileError, type StsavalError, UsageError } from "../errors.ts";
import { type Logger, loggerFor, nonThrowingLogger, silentLogger } from "../logger.ts";
import { type CredentialPlan, planSteps } from "../plan.ts";
import { ProgressState } from "../progress.ts";
import type { ModuleSystem } from "../system.ts";
import { endpointProblems, hostLimit } from "./called_urls.ts";
import type { CredentialSet, LiveCredentials } from "../refresh/live.ts";
import type {
  CredentialsOptions,
  Explanation,
  ProfileSummary,
  RoleDefinitions,
  SessionTokenOptions,
  StsCoreOptions,
} from "./core_options.ts";
import { CoreParts, safely } from "./core_parts.ts";
import { createMfaSource } from "./mfa.ts";
import { narrowedPlans } from "./scope/narrowed_plans.ts";
import type { NarrowingOptions } from "./scope/narrowing_options.ts";
import { checkCoreOptions } from "./option_limits.ts";
import { checkAgainstMfa, configOptions, lifetimeSeconds, planRequest } from "./plan_settings.ts";
import { summarizeProfile } from "./profile_summary.ts";
import { logUsedWarnings } from "./used_warnings.ts";
import { LiveToken } from "./token.ts";

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
  /** Without a module name. */
  readonly #rootLogger: Logger;
  readonly #logger: Logger;
  readonly #progress: ProgressState;
  readonly #extra = new Map<string, Profile>();
  #system: Promise<ModuleSystem> | undefined;
  #parts: CoreParts | undefined;
  #controller = new AbortController();
  #current: CredentialSet | undefined;
  #generation = 0;
  #disposed = false;

  /**
   * Makes no call and reads no file until a method is called.
   *
   * @throws {UsageError} when a numeric option is out of range
   */
  constructor(options: StsCoreOptions = {}) {
    checkCoreOptions(options);
    this.#options = options;
    this.#rootLogger = nonThrowingLogger(options.logger ?? silentLogger);
    this.#logger = loggerFor(this.#rootLogger, "core");
    this.#progress = new ProgressState(
      options.onProgress && safely(this.#logger, "onProgress", options.onProgress),
    );
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
    const parts = await this.#open();
    const { system, connection, provider } = parts;
    const config = await this.#loadConfig();
    const plan = resolveSessionPlan(
      config,
      this.#options.profileName,
      planRequest(this.#options, options, system.env),
    );
    logUsedWarnings(config, [], [plan], loggerFor(this.#rootLogger, "config"));
    await connection.prepare(caBundlesOf(config, [plan]));
    await parts.sealCache([plan], config);
    const mfa = createMfaSource(options.mfaCode, () => [plan.profile]);
    const renew = options.renew ?? this.#options.cache !== "disk";
    const beforeCall = hostLimit(system.network, planSteps(plan));
    const mark = await parts.logoutMark([plan]);
    using _work = this.#progress.begin(1);
    const made = await provider.carryOut(plan, { mfa, signal, renew, mark, beforeCall });
    return new LiveToken(plan.profile, () => provider.sessionOf(plan) ?? made, parts.now);
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
    const parts = await this.#open();
    const { plans, failures, config } = await this.#plan(parts, [...new Set(profiles)], options);
    const lifetime = lifetimeSeconds(options);
    checkAgainstMfa(plans, lifetime);
    await parts.sealCache(plans, config);
    const mfa = createMfaSource(options.mfaCode, (serial) => profilesWaitingFor(serial, plans));
    const generation = ++this.#generation;
    await this.#current?.halt(newerReason);
    const work = this.#progress.begin(plans.length);
    using _work = work;
    const set = await parts.maker.make(plans, {
      onDone: () => work.done(),
      mfa,
      signal,
      mark: await parts.logoutMark(plans),
      beforeCall: hostLimit(parts.system.network, plans.flatMap(planSteps)),
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
    return [...profiles.values()].map(summarizeProfile);
  }

  /**
   * Reads role definitions stored outside `~/.aws`; from then on their profiles can be used like the others. The result
   * never contains long-term secrets.
   *
   * @throws {ConfigError} when the file cannot be read as configuration
   */
  async refactor(file: string): Promise<RoleDefinitions> {
    const { system } = await this.#open();
    const found = await loadRoleFile(system, file);
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
    const { system } = await this.#open();
    const result = await narrowedPlans(
      system,
      await this.#loadConfig(),
      profiles,
      planRequest(this.#options, options, system.env),
    );
    if (result.problems.length > 0) throw new ProfileError(result.problems);
    const { describePlan } = await import("../output/plan_description.ts");
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
    this.#parts?.provider.forget();
    await this.#current?.halt();
    await this.#parts?.base.settled();
  }

  /** Puts the parts together on first use: only then are the runtime's ports loaded, if some were not given. */
  async #open(): Promise<CoreParts> {
    const system = await (this.#system ??= systemWith(this.#options.system));
    const observers = { rootLogger: this.#rootLogger, progress: this.#progress };
    return this.#parts ??= new CoreParts(system, this.#options, observers);
  }

  #begin(signal: AbortSignal | undefined): AbortSignal {
    if (this.#disposed) throw new UsageError("Cannot use this StsCore: it has been disposed");
    return signal === undefined
      ? this.#controller.signal
      : AbortSignal.any([signal, this.#controller.signal]);
  }

  async #loadConfig(): Promise<Config> {
    const { system } = await this.#open();
    const config = await loadConfig(system, configOptions(this.#options));
    return this.#extra.size === 0 ? config : addProfiles(config, this.#extra);
  }

  async #plan(
    { system, connection }: CoreParts,
    names: readonly string[],
    options: CredentialsOptions,
  ) {
    const config = await this.#loadConfig();
    const { plans, problems, notices } = await narrowedPlans(
      system,
      config,
      names,
      planRequest(this.#options, options, system.env),
    );
    logUsedWarnings(config, names, plans, loggerFor(this.#rootLogger, "config"));
    if (options.strict ?? true) {
      const all = [...problems, ...endpointProblems(plans)];
      if (all.length > 0) throw new ProfileError(all);
    }
    await connection.prepare(caBundlesOf(config, plans));
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
