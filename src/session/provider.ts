/**
 * Carries plans out: base keys, session token, roles, each call made once for everybody who needs its answer.
 *
 * @module
 */

import { type AccessKeys, asAccessKeys, type Credentials } from "../credentials.ts";
import { ProfileError, type ProfileProblem } from "../errors.ts";
import type { Logger } from "../logger.ts";
import {
  type CredentialPlan,
  type EndpointSettings,
  isKeysStep,
  type KeysStep,
  type RoleStep,
  type SessionStep,
} from "../plan.ts";
import type { MfaCode, Sts } from "../sts/sts.ts";
import type { AwsCliCache } from "../cache/aws_cli_cache.ts";
import { type BaseCredentials, baseKey, type BaseOptions } from "./base_credentials.ts";
import { SingleFlight } from "./flight.ts";
import type { MfaSource } from "./mfa.ts";
import { isFresh, mayBeUsable } from "../schedule.ts";
import type { PlanCache } from "../cache/plan_cache.ts";
import type { CodeGuard } from "../cache/shared_session.ts";

/** What a provider works with. */
export interface ProviderPorts {
  readonly sts: Sts;
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Shares answers with other processes; without it they end with this one. */
  readonly cache?: PlanCache | undefined;
  /** The AWS CLI's own cache, for roles that are shared with it. */
  readonly awsCliCache: AwsCliCache;
  /** Where plans start from. */
  readonly base: BaseCredentials;
}

/** The session tokens that one batch has asked for, so that one that failed is not asked for again by the next plan. */
export type BatchSessions = Map<string, Promise<Credentials>>;

/** How one plan is carried out. */
export interface CarryOutOptions {
  readonly mfa: MfaSource;
  readonly signal: AbortSignal;
  /** Shared by the plans that are carried out together. */
  readonly sessions?: BatchSessions;
  /** True where nobody can be asked for a code. */
  readonly inBackground?: boolean;
  /** True gets what the plan leads to anew, although it may still live. */
  readonly renew?: boolean | undefined;
  /** Told which endpoint is to be called, before a code is asked for; what it throws keeps the call from being made. */
  readonly beforeCall?: ((endpoint?: EndpointSettings) => void) | undefined;
  /** True also has the session token behind it, without which nothing can be renewed later. */
  readonly keepFresh?: boolean | undefined;
}

/** Carries plans out, and keeps the session tokens that several of them share. */
export class Provider {
  readonly #ports: ProviderPorts;
  readonly #sessions = new Map<string, Credentials>();
  readonly #flights = new SingleFlight<Credentials>();

  /** A provider without any session yet. */
  constructor(ports: ProviderPorts) {
    this.#ports = ports;
  }

  /**
   * The credentials that the plan leads to.
   *
   * @throws {ProfileError} when the plan starts from a kind of credentials that stsaval does not fetch
   */
  async carryOut(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    const reached = await this.#reach(plan, plan.roles.length, options);
    if (reached === undefined) throw new ProfileError([nothingToIssue(plan.profile)]);
    return reached;
  }

  /** Newer credentials than those that there are, without anybody being asked for a code. */
  renew(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    return this.carryOut(plan, { ...options, inBackground: true, renew: true });
  }

  /** The session token that the plan rests on, as far as there is one already. */
  sessionOf(plan: CredentialPlan): Credentials | undefined {
    const { base, session } = plan;
    if (session === undefined || !isKeysStep(base)) return undefined;
    return this.#sessions.get(sessionKey(base, session));
  }

  /** Forgets every session token. */
  forget(): void {
    this.#sessions.clear();
    this.#ports.base.forget();
  }

  /** What stands after the first `count` roles of the plan; undefined where those are the base keys alone. */
  async #reach(
    plan: CredentialPlan,
    count: number,
    options: CarryOutOptions,
  ): Promise<Credentials | undefined> {
    const { base, session } = plan;
    const role = plan.roles[count - 1];
    if (role !== undefined) {
      if (options.keepFresh && session !== undefined && isKeysStep(base)) {
        await this.#session(base, session, options);
      }
      return await this.#role(plan, count, options);
    }
    if (!isKeysStep(base)) {
      return await this.#ports.base.credentials(base, baseOptions(plan, options));
    }
    return session === undefined ? undefined : await this.#session(base, session, options);
  }

  #role(
    plan: CredentialPlan,
    count: number,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    const { base } = plan;
    const roles = plan.roles.slice(0, count);
    const role = roles[count - 1];
    if (role === undefined) throw new RangeError("a plan has no role at that place");
    const key = JSON.stringify(["AssumeRole", baseKey(base), plan.session, roles]);
    return this.#flights.run(key, options.signal, async (signal) => {
      // In the background only what has aged is renewed; the session token behind it is used to its end.
      const inner = { ...options, signal, renew: options.renew && !options.inBackground };
      let asked = false;
      const ask = async (guard?: CodeGuard) => {
        asked = true;
        const shared = options.renew ? undefined : await this.#fromAwsCli(role);
        if (shared !== undefined) return shared;
        options.beforeCall?.(role.endpoint);
        const before = await this.#reach(plan, count - 1, inner);
        const keys = before === undefined
          ? await this.#ports.base.keys(base, baseOptions(plan, inner))
          : asAccessKeys(before);
        const made = await this.#assumeRole(keys, role, inner, guard);
        if (role.awsCli !== undefined) await this.#ports.awsCliCache.put(role.awsCli, made);
        return made;
      };
      const { cache } = this.#ports;
      if (cache === undefined) return await ask();
      const subject = { base, session: plan.session, roles };
      const { renew } = options;
      const profile = role.profile;
      const known = await cache.share({ profile, subject, signal, renew, fetch: ask });
      if (!asked) await this.#tellAwsCli(role, known);
      return known;
    });
  }

  /** What was in our cache is put where the AWS CLI finds it, unless it has something there. */
  async #tellAwsCli(role: RoleStep, known: Credentials): Promise<void> {
    if (role.awsCli === undefined || await this.#fromAwsCli(role) !== undefined) return;
    await this.#ports.awsCliCache.put(role.awsCli, known);
  }

  async #fromAwsCli({ awsCli }: RoleStep): Promise<Credentials | undefined> {
    return awsCli === undefined ? undefined : await this.#ports.awsCliCache.get(awsCli);
  }

  async #session(
    base: KeysStep,
    step: SessionStep,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    const key = sessionKey(base, step);
    const known = options.renew ? undefined : this.#sessions.get(key);
    // In the background nobody can be asked for a code: a session token is used up to its end.
    const serves = step.mfaSerial !== undefined && options.inBackground ? mayBeUsable : isFresh;
    if (known !== undefined && serves(known, this.#ports.now())) return known;
    const asked = options.sessions?.get(key) ??
      this.#makeSession(key, base, step, { ...options, serves });
    options.sessions?.set(key, asked);
    return await asked;
  }

  #makeSession(
    key: string,
    base: KeysStep,
    step: SessionStep,
    options: CarryOutOptions & { readonly serves: typeof isFresh },
  ): Promise<Credentials> {
    const { renew, serves } = options;
    return this.#flights.run(key, options.signal, async (signal) => {
      const ask = (guard?: CodeGuard) =>
        this.#getSessionToken(base.keys, step, { ...options, signal }, guard);
      const { cache } = this.#ports;
      const subject = { base, session: step, roles: [] };
      const made = cache === undefined
        ? await ask()
        : await cache.share({ profile: base.profile, subject, signal, renew, serves, fetch: ask });
      this.#sessions.set(key, made);
      return made;
    });
  }

  async #getSessionToken(
    keys: AccessKeys,
    step: SessionStep,
    options: CarryOutOptions,
    guard: CodeGuard | undefined,
  ): Promise<Credentials> {
    const { durationSeconds, endpoint } = step;
    options.beforeCall?.(endpoint);
    const mfa = await askForCode(step, options, guard);
    this.#ports.logger.debug(`getSessionToken: ${step.reason}`);
    const { signal } = options;
    return await this.#ports.sts.getSessionToken({ keys, endpoint, durationSeconds, mfa, signal });
  }

  async #assumeRole(
    keys: AccessKeys,
    step: RoleStep,
    options: CarryOutOptions,
    guard: CodeGuard | undefined,
  ): Promise<Credentials> {
    const { profile, roleArn, roleSessionName, externalId, durationSeconds, endpoint } = step;
    const mfa = await askForCode(step, options, guard);
    this.#ports.logger.debug(`assumeRole: ${step.reason}`);
    const { signal } = options;
    const request = { profile, roleArn, roleSessionName, externalId, durationSeconds, endpoint };
    return await this.#ports.sts.assumeRole({ ...request, keys, mfa, signal });
  }
}

async function askForCode(
  { mfaSerial, mfaProcess }: SessionStep | RoleStep,
  { mfa, signal }: CarryOutOptions,
  guard: CodeGuard | undefined,
): Promise<MfaCode | undefined> {
  if (mfaSerial === undefined) return undefined;
  const code = { serial: mfaSerial, code: await mfa(mfaSerial, signal, mfaProcess) };
  await guard?.(code);
  return code;
}

/** Everything that makes one session token another than the next: the keys, the device and the endpoint. */
function sessionKey(base: KeysStep, step: SessionStep): string {
  return JSON.stringify([
    "GetSessionToken",
    base.keys.accessKeyId,
    step.mfaSerial,
    step.endpoint.endpointUrl,
    step.endpoint.partition,
  ]);
}

function baseOptions(
  { profile }: CredentialPlan,
  { signal, renew, beforeCall }: CarryOutOptions,
): BaseOptions {
  return { asked: profile, signal, renew, beforeFetch: beforeCall && (() => beforeCall()) };
}

function nothingToIssue(profile: string): ProfileProblem {
  return { profile, message: `Cannot get credentials for profile "${profile}": it names no role` };
}
