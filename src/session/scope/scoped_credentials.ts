/**
 * Scoped copies: `sts:GetScopedCredentials` over what the other steps of a plan lead to, which is handed to no one.
 *
 * @module
 */

import type { LogoutMark } from "../../cache/logouts.ts";
import type { PlanCache } from "../../cache/plan_cache.ts";
import { asAccessKeys, Credentials } from "../../credentials.ts";
import { formatDuration } from "../../duration.ts";
import { ProfileError, StsavalError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { type BaseStep, type CredentialPlan, isKeysStep, type ScopeStep } from "../../plan.ts";
import { isFreshForPrograms, mayBeUsable, scopeServes } from "../../schedule.ts";
import type { Sts } from "../../sts/sts.ts";
import { baseKey } from "../base_credentials.ts";
import { SingleFlight } from "../flight.ts";
import type { CarryOutOptions } from "../carry_out.ts";

/** The ports of {@linkcode ScopedCredentials}. */
export interface ScopedPorts {
  readonly sts: Pick<Sts, "getScopedCredentials">;
  /** Milliseconds since 1970, by STS's clock. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly cache?: PlanCache | undefined;
  /** The base as caches on disk know it. */
  cached(base: BaseStep): BaseStep | Promise<BaseStep>;
  /** Carries out the plan without its scope. */
  reach(plan: CredentialPlan, options: CarryOutOptions): Promise<Credentials>;
  /** What was known of logouts when the request began, or what it builds on was fetched. */
  markOf(plan: CredentialPlan, options: CarryOutOptions): LogoutMark | undefined;
}

/** A session that was made that recently is not made anew: a newer one would hardly live longer. */
const recentMs = 60_000;
/** The response to a call, and dates in whole seconds, take that much off a life without anybody noticing. */
const unnoticedMs = 60_000;

/** Makes scoped copies, and keeps the sessions that they are copies of. */
export class ScopedCredentials {
  readonly #ports: ScopedPorts;
  readonly #wider = new Map<string, Credentials>();
  readonly #flights = new SingleFlight<Credentials>();

  /** Makes no call. */
  constructor(ports: ScopedPorts) {
    this.#ports = ports;
  }

  /**
   * The copy for the scope of the plan.
   *
   * @throws {ProfileError} when the plan leads to long-term keys, which have no copies
   */
  get(plan: CredentialPlan, scope: ScopeStep, options: CarryOutOptions): Promise<Credentials> {
    const key = JSON.stringify(["GetScopedCredentials", widerKey(plan), scope]);
    return this.#flights.run(key, options.signal, async (signal) => {
      const inner = { ...options, signal };
      let wider: Promise<Credentials> | undefined;
      const prepare = () => wider ??= this.#getWider(plan, scope, inner);
      const call = async () => await this.#copy(scope, await prepare(), inner);
      const { cache } = this.#ports;
      if (cache === undefined) return await call();
      const { profile, session, roles } = plan;
      const base = await this.#ports.cached(plan.base);
      return await cache.share({
        ...{ profile, subject: { base, session, roles, scope }, signal, renew: options.renew },
        serves: scopeServes(scope.durationSeconds),
        mark: () => this.#ports.markOf(plan, inner),
        prepare,
        fetch: call,
      });
    });
  }

  /** The session behind the newest copy, if it is known. */
  widerOf(plan: CredentialPlan): Credentials | undefined {
    return this.#wider.get(widerKey(plan));
  }

  /** Discards every session. */
  forget(): void {
    this.#wider.clear();
  }

  /** The session to make a copy of: the one that is there, if it lives long enough. */
  async #getWider(
    plan: CredentialPlan,
    { durationSeconds }: ScopeStep,
    options: CarryOutOptions,
  ): Promise<Credentials> {
    // A copy that ends with its session is renewed with it; one that ends before is renewed from it.
    const renew = options.renew && !(options.inBackground && durationSeconds !== undefined);
    const key = widerKey(plan);
    const known = renew || durationSeconds === undefined ? undefined : this.#wider.get(key);
    const reach = (anew: boolean | undefined) =>
      this.#ports.reach(plan, { ...options, renew: anew });
    const found = known !== undefined && this.#serves(plan, known, options)
      ? known
      : await reach(renew);
    rejectLongTerm(plan, found);
    const wider = this.#isTooOld(plan, found, durationSeconds)
      ? await this.#renewed(found, () => reach(true))
      : found;
    this.#wider.set(key, wider);
    return wider;
  }

  #serves(plan: CredentialPlan, known: Credentials, { inBackground }: CarryOutOptions): boolean {
    // Without a code there is no other one to be had.
    const serves = inBackground && needsCode(plan) ? mayBeUsable : isFreshForPrograms;
    return serves(known, this.#ports.now());
  }

  /** Whether a newer session, which takes no MFA code, could live as long as the copy should. */
  #isTooOld(plan: CredentialPlan, found: Credentials, seconds: number | undefined): boolean {
    if (seconds === undefined || needsCode(plan)) return false;
    const now = this.#ports.now();
    const isRecent = now - found.StartTime.getTime() < recentMs;
    return !isRecent && found.Expiration.getTime() - now < seconds * 1_000;
  }

  /** The new session, or the one that is there, for as long as it lives. */
  async #renewed(found: Credentials, renew: () => Promise<Credentials>): Promise<Credentials> {
    try {
      return await renew();
    } catch (error) {
      if (!(error instanceof StsavalError) || !mayBeUsable(found, this.#ports.now())) throw error;
      this.#ports.logger.warn(`getScopedCredentials: no newer session: ${error.message}`);
      return found;
    }
  }

  async #copy(
    scope: ScopeStep,
    wider: Credentials,
    { beforeCall, turn, signal }: CarryOutOptions,
  ): Promise<Credentials> {
    const { policy, description, profile, endpoint, durationSeconds: chosen } = scope;
    beforeCall?.(endpoint);
    this.#ports.logger.debug(`getScopedCredentials: ${scope.reason}`);
    await turn?.(signal);
    const durationSeconds = this.#secondsFor(scope, wider);
    const made = await this.#ports.sts.getScopedCredentials({
      ...{ keys: asAccessKeys(wider), endpoint, signal },
      ...{ policy, durationSeconds, description, profile },
    });
    // A copy that ends with its session is renewed when that is, so that it counts as old as that.
    return chosen === undefined
      ? new Credentials({ ...fieldsOf(made), StartTime: wider.StartTime })
      : made;
  }

  /** No copy outlives its session: undefined where it ends with it. */
  #secondsFor(
    { durationSeconds: chosen, policy, profile }: ScopeStep,
    { Expiration }: Credentials,
  ): number | undefined {
    const left = Expiration.getTime() - this.#ports.now();
    if (chosen === undefined || left >= chosen * 1_000) return chosen;
    if (chosen * 1_000 - left > unnoticedMs) {
      this.#ports.logger.warn(
        `getScopedCredentials: the scoped copy for profile "${profile}" lives ${
          formatDuration(left / 1_000)
        }, not ${formatDuration(chosen)}: the session that it is a copy of ends then`,
      );
    }
    // Something must be sent; a second less is within what is left when it arrives.
    return policy === undefined ? Math.max(1, Math.floor(left / 1_000) - 1) : undefined;
  }
}

/** Whether a newer session would take an MFA code. */
export function needsCode({ session, roles }: CredentialPlan): boolean {
  return roles.some(({ mfaSerial }) => mfaSerial !== undefined) ||
    (roles.length === 0 && session?.mfaSerial !== undefined);
}

/** What identifies the session that is copied. */
function widerKey({ base, session, roles }: CredentialPlan): string {
  return JSON.stringify([baseKey(base), session, roles]);
}

function fieldsOf(made: Credentials) {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = made;
  return { AccessKeyId, SecretAccessKey, SessionToken, Expiration };
}

/** @throws {ProfileError} */
function rejectLongTerm({ profile, base }: CredentialPlan, { SessionToken }: Credentials): void {
  if (SessionToken !== "") return;
  const from = isKeysStep(base) ? "" : ` (${base.detail})`;
  throw new ProfileError([{
    profile,
    message:
      `Cannot scope the credentials of profile "${profile}": they are long-term keys${from}, and AWS makes scoped copies ` +
      "of temporary credentials alone",
    hint:
      "put the keys into a profile of their own: its session token can be scoped; or assume a role with them",
  }]);
}
