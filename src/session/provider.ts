/**
 * Carries plans out: base keys, session token, roles, each call made once for everybody who needs its answer.
 *
 * @module
 */

import { type AccessKeys, asAccessKeys, type Credentials } from "../credentials.ts";
import { ProfileError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { CredentialPlan, ForeignStep, KeysStep, RoleStep, SessionStep } from "../plan.ts";
import type { Sts } from "../sts/sts.ts";
import { SingleFlight } from "./flight.ts";
import type { MfaSource } from "./mfa.ts";
import { isFresh, isUsable } from "./schedule.ts";

/** What a provider works with. */
export interface ProviderPorts {
  readonly sts: Sts;
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  readonly logger: Logger;
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
    const base = ownKeys(plan);
    let last = plan.session === undefined
      ? undefined
      : await this.#session(base, plan.session, options);
    for (const role of plan.roles) {
      const keys = last === undefined ? base.keys : asAccessKeys(last);
      last = await this.#assumeRole(keys, role, options);
    }
    if (last === undefined) throw new ProfileError([nothingToIssue(plan.profile)]);
    return last;
  }

  /** A session token made now, whether or not an older one still lives; plans that share it use it from now on. */
  renewSession(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    const base = ownKeys(plan);
    if (plan.session === undefined) throw new ProfileError([nothingToIssue(plan.profile)]);
    this.#sessions.delete(sessionKey(base, plan.session));
    return this.#session(base, plan.session, options);
  }

  /** Newer credentials than those that there are, without anybody being asked for a code. */
  renew(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials> {
    const inBackground = { ...options, inBackground: true };
    return plan.roles.length === 0
      ? this.renewSession(plan, inBackground)
      : this.carryOut(plan, inBackground);
  }

  /** The session token that the plan rests on, as far as there is one already. */
  sessionOf(plan: CredentialPlan): Credentials | undefined {
    if (plan.session === undefined || !isKeysStep(plan.base)) return undefined;
    return this.#sessions.get(sessionKey(plan.base, plan.session));
  }

  /** Forgets every session token. */
  forget(): void {
    this.#sessions.clear();
  }

  async #session(
    base: KeysStep,
    step: SessionStep,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    const key = sessionKey(base, step);
    const known = this.#sessions.get(key);
    // In the background nobody can be asked for a code: a session token is used up to its end.
    const serves = step.mfaSerial !== undefined && options.inBackground ? isUsable : isFresh;
    if (known !== undefined && serves(known, this.#ports.now())) return known;
    const asked = options.sessions?.get(key) ?? this.#makeSession(key, base, step, options);
    options.sessions?.set(key, asked);
    return await asked;
  }

  #makeSession(
    key: string,
    base: KeysStep,
    step: SessionStep,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    return this.#flights.run(key, options.signal, async (signal) => {
      const made = await this.#getSessionToken(base.keys, step, { ...options, signal });
      this.#sessions.set(key, made);
      return made;
    });
  }

  async #getSessionToken(
    keys: AccessKeys,
    step: SessionStep,
    { mfa, signal }: CarryOutOptions,
  ): Promise<Credentials> {
    const { durationSeconds, endpoint, mfaProcess, mfaSerial } = step;
    const code = mfaSerial === undefined
      ? undefined
      : { serial: mfaSerial, code: await mfa(mfaSerial, signal, mfaProcess) };
    this.#ports.logger.debug(`getSessionToken: ${step.reason}`);
    return await this.#ports.sts.getSessionToken({
      keys,
      endpoint,
      durationSeconds,
      mfa: code,
      signal,
    });
  }

  #assumeRole(
    keys: AccessKeys,
    step: RoleStep,
    { mfa, signal }: CarryOutOptions,
  ): Promise<Credentials> {
    const { mfaProcess, mfaSerial, kind: _kind, reason, ...request } = step;
    const key = JSON.stringify(["AssumeRole", keys.accessKeyId, request, mfaSerial]);
    return this.#flights.run(key, signal, async (signal) => {
      const code = mfaSerial === undefined
        ? undefined
        : { serial: mfaSerial, code: await mfa(mfaSerial, signal, mfaProcess) };
      this.#ports.logger.debug(`assumeRole: ${reason}`);
      return await this.#ports.sts.assumeRole({ ...request, keys, mfa: code, signal });
    });
  }
}

function isKeysStep(step: KeysStep | ForeignStep): step is KeysStep {
  return step.kind === "static-keys" || step.kind === "environment";
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

function ownKeys(plan: CredentialPlan): KeysStep {
  if (isKeysStep(plan.base)) return plan.base;
  const { kind, profile, detail } = plan.base;
  throw new ProfileError([{
    profile: plan.profile,
    message:
      `Cannot get credentials for profile "${plan.profile}": its keys come from ${kind} of profile "${profile}" ` +
      `(${detail}), which stsaval does not fetch`,
    hint: "give the source profile aws_access_key_id and aws_secret_access_key",
  }]);
}

function nothingToIssue(profile: string) {
  return { profile, message: `Cannot get credentials for profile "${profile}": it names no role` };
}
