/**
 * Executes plans: base keys, session token, roles. Each call is made once and shared by all that need its result.
 *
 * @module
 */

import { type AccessKeys, asAccessKeys, type Credentials } from "../credentials.ts";
import { formatDuration } from "../duration.ts";
import { ProfileError, type ProfileProblem } from "../errors.ts";
import type { Logger } from "../logger.ts";
import {
  type BaseStep,
  type CredentialPlan,
  isKeysStep,
  type RoleStep,
  type SessionStep,
} from "../plan.ts";
import { isCodeRefusal } from "../sts/code_refusal.ts";
import type { MfaCode, Sts } from "../sts/sts.ts";
import { earlierMark, type LogoutMark } from "../cache/logouts.ts";
import type { AwsCliCache } from "../cache/aws_cli_cache.ts";
import type { CarryOutOptions } from "./carry_out.ts";
import { type BaseCredentials, baseKey, type BaseOptions } from "./base_credentials.ts";
import { SingleFlight } from "./flight.ts";
import { NoCodeError } from "./mfa.ts";
import { PendingWrites } from "./pending_writes.ts";
import { isFresh, mayBeUsable, sessionServes } from "../schedule.ts";
import type { PlanCache } from "../cache/plan_cache.ts";
import type { ScopedCredentials } from "./scope/scoped_credentials.ts";
import type { CodeGuard } from "../cache/shared_session.ts";

/** The dependencies of a provider. */
export interface ProviderPorts {
  readonly sts: Sts;
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Shares credentials with other processes; without it they are kept in memory only. */
  readonly cache?: PlanCache | undefined;
  /** The AWS CLI's own cache, for roles that are shared with it. */
  readonly awsCliCache: Pick<AwsCliCache, "get" | "put">;
  /** Where plans start from. */
  readonly base: BaseCredentials;
}

/** What a session token is made for. */
type SessionPlan = Pick<CredentialPlan, "base" | "profile">;

/** What an AssumeRole starts from: the keys to sign with, or credentials of the role that are there already. */
type RoleStart =
  | { readonly known: Credentials; readonly keys?: undefined }
  | { readonly known?: undefined; readonly keys: AccessKeys };

/** Executes plans, and keeps the session tokens that several of them share. */
export class Provider {
  readonly #ports: ProviderPorts;
  readonly #sessions = new Map<string, Credentials>();
  readonly #sessionMarks = new Map<string, LogoutMark | undefined>();
  readonly #flights = new SingleFlight<Credentials>();
  readonly #writes: PendingWrites;
  #scoped: ScopedCredentials | undefined;
  #loading: Promise<ScopedCredentials> | undefined;

  /** A provider without session tokens. */
  constructor(ports: ProviderPorts) {
    this.#ports = ports;
    this.#writes = new PendingWrites(ports.logger);
  }

  /**
   * Executes the plan and returns its credentials.
   *
   * @throws {ProfileError} when the plan starts from a kind of credentials that stsaval does not fetch
   */
  async carryOut(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    try {
      return await this.#carryOut(plan, options);
    } finally {
      // A session token has cost a code: whatever came of it, it is kept before the program may end.
      await this.#writes.settle(options.signal);
    }
  }

  async #carryOut(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    const { scope } = plan;
    if (scope === undefined) return await this.#carryOutWide(plan, options);
    this.#loading ??= this.#loadScoped().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    const scoped = this.#scoped ??= await this.#loading;
    return await scoped.get(plan, scope, options);
  }

  /** Loaded for the first plan with a scope, which few have. */
  async #loadScoped(): Promise<ScopedCredentials> {
    const { ScopedCredentials } = await import("./scope/scoped_credentials.ts");
    const { base, ...ports } = this.#ports;
    return new ScopedCredentials({
      ...ports,
      cached: (step) => base.cached(step),
      reach: (plan, options) => this.#carryOutWide(plan, options),
      markOf: (plan, options) => this.#markOf(plan, options),
    });
  }

  /** The credentials before they are scoped. */
  async #carryOutWide(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    const reached = await this.#reach(plan, plan.roles.length, options);
    if (reached === undefined) throw new ProfileError([nothingToIssue(plan.profile)]);
    return reached;
  }

  /** Gets new credentials without prompting for a code. */
  renew(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    return this.carryOut(plan, { ...options, inBackground: true, renew: true });
  }

  /** The session token that the plan uses, if there is one already. */
  sessionOf(plan: CredentialPlan): Credentials | undefined {
    const { base, session } = plan;
    if (session === undefined) return undefined;
    return this.#sessions.get(sessionKey(base, session));
  }

  /** The session that the plan's scoped copy is a copy of, if there is one already. */
  widerOf(plan: CredentialPlan): Credentials | undefined {
    return this.#scoped?.widerOf(plan);
  }

  /** Discards every session token. */
  forget(): void {
    this.#sessions.clear();
    this.#scoped?.forget();
    this.#ports.base.forget();
  }

  /** The credentials after the first `count` roles of the plan; undefined for the base keys alone. */
  async #reach(
    plan: CredentialPlan,
    count: number,
    options: CarryOutOptions,
  ): Promise<Credentials | undefined> {
    const { base, session } = plan;
    const role = plan.roles[count - 1];
    if (role !== undefined) {
      const needsSession = options.keepFresh ||
        (session?.requiredSeconds !== undefined && !options.inBackground);
      if (needsSession && session !== undefined) await this.#session(plan, session, options);
      return await this.#role(plan, count, options);
    }
    if (session !== undefined) return await this.#session(plan, session, options);
    if (isKeysStep(base)) return undefined;
    return await this.#ports.base.credentials(base, baseOptions(options));
  }

  #role(
    plan: CredentialPlan,
    count: number,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    const { base } = plan;
    const roles = plan.roles.slice(0, count);
    const role = roles[count - 1];
    if (role === undefined) throw new RangeError("the plan has no role at that index");
    const key = JSON.stringify(["AssumeRole", baseKey(base), plan.session, roles]);
    return this.#flights.run(key, options.signal, async (signal) => {
      // In the background only the role is renewed; the session token is used until it expires.
      const inner = { ...options, signal, renew: options.renew && !options.inBackground };
      const anew = options.renew;
      const mark = () => this.#markOf(plan, options);
      let called = false;
      let prepared: Promise<RoleStart> | undefined;
      const prepare = () => prepared ??= this.#prepareRole(plan, count, role, { ...inner, anew });
      const call = async (guard?: CodeGuard) => {
        called = true;
        const { known, keys } = await prepare();
        if (known !== undefined) return known;
        const made = await this.#assumeRole(keys, role, inner, guard);
        await this.#putForAwsCli(role, made, mark());
        return made;
      };
      const { cache } = this.#ports;
      if (cache === undefined) return await call();
      // Without a turn of its own, so that roles on one base meet in one flight.
      const identified = this.#ports.base.cached(base);
      const subject = {
        base: identified instanceof Promise ? await identified : identified,
        session: plan.session,
        roles,
      };
      const { renew } = options;
      const profile = role.profile;
      const known = await cache.share({
        profile,
        subject,
        signal,
        renew,
        mark,
        prepare,
        fetch: call,
      });
      if (!called) await this.#fillAwsCliCache(role, known, mark());
      return known;
    });
  }

  async #prepareRole(
    plan: CredentialPlan,
    count: number,
    role: RoleStep,
    options: CarryOutOptions & { readonly anew: boolean | undefined },
  ): Promise<RoleStart> {
    const known = options.anew ? undefined : await this.#fromAwsCli(role);
    if (known !== undefined) return { known };
    options.beforeCall?.(role.endpoint);
    const before = await this.#reach(plan, count - 1, options);
    const keys = before === undefined
      ? await this.#ports.base.keys(plan.base, baseOptions(options))
      : asAccessKeys(before);
    return { keys };
  }

  /** Copies credentials from our cache to the AWS CLI's, unless it has valid ones. */
  async #fillAwsCliCache(
    role: RoleStep,
    known: Credentials,
    mark: LogoutMark | undefined,
  ): Promise<void> {
    if (role.awsCli === undefined || await this.#fromAwsCli(role) !== undefined) return;
    await this.#putForAwsCli(role, known, mark);
  }

  async #putForAwsCli(
    { awsCli, profile }: RoleStep,
    made: Credentials,
    mark: LogoutMark | undefined,
  ): Promise<void> {
    if (awsCli !== undefined) await this.#ports.awsCliCache.put(awsCli, made, { profile, mark });
  }

  /** What was known of logouts when the request began, or earlier, when what it builds on was fetched. */
  #markOf({ base, session }: CredentialPlan, { mark }: CarryOutOptions): LogoutMark | undefined {
    const inherited = session !== undefined
      ? this.#sessionMarks.get(sessionKey(base, session))
      : this.#ports.base.markOf(base);
    return earlierMark(mark, inherited);
  }

  async #fromAwsCli({ awsCli }: RoleStep): Promise<Credentials | undefined> {
    return awsCli === undefined ? undefined : await this.#ports.awsCliCache.get(awsCli);
  }

  async #session(
    plan: SessionPlan,
    step: SessionStep,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    const key = sessionKey(plan.base, step);
    const known = options.renew ? undefined : this.#sessions.get(key);
    const serves = servesOf(step, options);
    if (known !== undefined && serves(known, this.#ports.now())) return known;
    const pending = options.sessions?.get(key) ??
      this.#makeOrKeepSession(key, plan, step, { ...options, serves });
    options.sessions?.set(key, pending);
    return await pending;
  }

  /** A new session token, or, where no code can be had for it, the one there is, with a warning. */
  async #makeOrKeepSession(
    key: string,
    plan: SessionPlan,
    step: SessionStep,
    options: CarryOutOptions & { readonly serves: typeof isFresh },
  ): Promise<Credentials> {
    try {
      return await this.#makeSession(key, plan, step, options);
    } catch (error) {
      const { requiredSeconds, ...lesser } = step;
      const hasAnother = error instanceof NoCodeError && requiredSeconds !== undefined;
      if (!hasAnother || options.inBackground || options.renew) throw error;
      const kept = await this.#session(plan, lesser, { ...options, sessions: undefined });
      const left = formatDuration((kept.Expiration.getTime() - this.#ports.now()) / 1_000);
      this.#ports.logger.warn(
        `getSessionToken: the session token of profile "${plan.base.profile}" lives ${left} more, until ` +
          `${kept.Expiration.toISOString()}, not ${
            formatDuration(requiredSeconds)
          }: no MFA code can be had`,
      );
      return kept;
    }
  }

  #makeSession(
    key: string,
    plan: SessionPlan,
    step: SessionStep,
    options: CarryOutOptions & { readonly serves: typeof isFresh },
  ): Promise<Credentials> {
    const { base } = plan;
    const { renew, serves } = options;
    return this.#flights.run(key, options.signal, async (signal) => {
      const call = (guard?: CodeGuard) =>
        this.#getSessionToken(plan, step, { ...options, signal }, guard);
      const { cache } = this.#ports;
      const identified = this.#ports.base.cached(base);
      const subject = {
        base: identified instanceof Promise ? await identified : identified,
        session: step,
        roles: [],
      };
      const made = cache === undefined ? await call() : await cache.share({
        ...{ profile: base.profile, subject, signal, renew, serves },
        mark: () => options.mark,
        fetch: call,
        // It is written to disk while the next call is under way.
        keeping: (kept) => this.#writes.add(base.profile, kept),
      });
      this.#sessions.set(key, made);
      this.#sessionMarks.set(key, options.mark);
      return made;
    });
  }

  async #getSessionToken(
    plan: SessionPlan,
    step: SessionStep,
    options: CarryOutOptions,
    guard: CodeGuard | undefined,
  ): Promise<Credentials> {
    const { durationSeconds, endpoint } = step;
    options.beforeCall?.(endpoint);
    // A passphrase first: a code lives for seconds.
    const keys = await this.#ports.base.keys(plan.base, baseOptions(options));
    const { signal } = options;
    return await withCode(step, options, guard, async (mfa) => {
      this.#ports.logger.debug(`getSessionToken: ${step.reason}`);
      await options.turn?.(signal);
      return await this.#ports.sts.getSessionToken({
        ...{ keys, endpoint, durationSeconds, mfa, signal },
      });
    });
  }

  async #assumeRole(
    keys: AccessKeys,
    step: RoleStep,
    options: CarryOutOptions,
    guard: CodeGuard | undefined,
  ): Promise<Credentials> {
    const { profile, roleArn, roleSessionName, externalId, durationSeconds, endpoint } = step;
    const request = {
      ...{ profile, roleArn, roleSessionName, externalId, durationSeconds, endpoint },
      ...step.parameters,
    };
    const { signal } = options;
    return await withCode(step, options, guard, async (mfa) => {
      this.#ports.logger.debug(`assumeRole: ${step.reason}`);
      await options.turn?.(signal);
      return await this.#ports.sts.assumeRole({ ...request, keys, mfa, signal });
    });
  }
}

/** In the background there is no prompt for a code: a session token is used until it expires. */
function servesOf(
  { mfaSerial, requiredSeconds }: SessionStep,
  { inBackground }: CarryOutOptions,
): typeof isFresh {
  if (!inBackground) return sessionServes(requiredSeconds);
  return mfaSerial === undefined ? isFresh : mayBeUsable;
}

/** Makes the call with a code, if the step needs one; again with another one if its source has one after a refusal. */
async function withCode(
  { mfaSerial: serial, mfaProcess, mfaStore }: SessionStep | RoleStep,
  { mfa, signal }: CarryOutOptions,
  guard: CodeGuard | undefined,
  call: (mfa: MfaCode | undefined) => Promise<Credentials>,
): Promise<Credentials> {
  if (serial === undefined) return await call(undefined);
  let { code, onRefused } = await mfa(serial, signal, mfaProcess, mfaStore);
  while (true) {
    try {
      await guard?.({ serial, code });
      return await call({ serial, code });
    } catch (error) {
      const next = isCodeRefusal(error) ? await onRefused?.(error) : undefined;
      if (next === undefined) throw error;
      ({ code, onRefused } = next);
    }
  }
}

/** What identifies a session token: the keys, the device and the endpoint. */
function sessionKey(base: BaseStep, step: SessionStep): string {
  return JSON.stringify([
    "GetSessionToken",
    baseKey(base),
    step.mfaSerial,
    step.endpoint.endpointUrl,
    step.endpoint.partition,
  ]);
}

function baseOptions({ signal, renew, mark, beforeCall }: CarryOutOptions): BaseOptions {
  return { signal, renew, mark, beforeFetch: beforeCall && (() => beforeCall()) };
}

function nothingToIssue(profile: string): ProfileProblem {
  return { profile, message: `Cannot get credentials for profile "${profile}": it names no role` };
}
