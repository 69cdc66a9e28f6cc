/**
 * Creates credential sets from plans: executes the plans as one batch, and starts a refresher for the set.
 *
 * @module
 */

import type { Credentials } from "../../credentials.ts";
import { formatDuration } from "../../duration.ts";
import { StsavalError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { CredentialPlan } from "../../plan.ts";
import type { Sts } from "../../sts/sts.ts";
import type { Clock, Random } from "../../system.ts";
import { combineFailures, type Outcome, type ProfileFailure, runBatch } from "./batch.ts";
import { CallStarts } from "./call_starts.ts";
import { renewedUrls } from "../called_urls.ts";
import { CredentialEvent } from "../../refresh/events.ts";
import { CredentialSet } from "../../refresh/live.ts";
import { createMfaSource, type MfaSource } from "../mfa.ts";
import type { BatchSessions, CarryOutOptions } from "../carry_out.ts";
import type { Provider } from "../provider.ts";
import { CallRate } from "../../refresh/call_rate.ts";
import type { Refresher } from "../../refresh/refresher.ts";
import { mostBatchCallsPerSecond, mostCallsPerSecond, spreadPhases } from "../../schedule.ts";
import { createRenewalSlot, type RenewalSlot } from "../../refresh/renewal_slot.ts";

/** The dependencies of a {@linkcode SetMaker}. */
export interface SetMakerPorts {
  readonly provider: Provider;
  readonly sts: Pick<Sts, "skewMs">;
  readonly clock: Clock;
  readonly random: Pick<Random, "number">;
  readonly logger: Logger;
  /** The maximum number of concurrent calls. */
  readonly concurrency: number;
}

/** The options of a set. */
export interface SetOptions {
  readonly mfa: MfaSource;
  readonly signal: AbortSignal;
  /** False keeps the profiles that succeed. */
  readonly strict: boolean;
  /** The profiles that failed before any call; later failures are added, unless `strict`. */
  readonly errors: Map<string, StsavalError>;
  /** Seconds. */
  readonly lifetime: number;
  /** True lets slots that depend on a session token end with it, be that sooner or later than the lifetime. */
  readonly lifetimeIsDefault?: boolean;
  /** True bypasses the cache for every role. */
  readonly renew?: boolean;
  /** What was known of logouts when the request began. */
  readonly mark?: CarryOutOptions["mark"];
  /** Called with the endpoint before each call, renewals included. */
  readonly beforeCall?: CarryOutOptions["beforeCall"];
  /** Called when one of the profiles is done, whether it succeeded or not. */
  readonly onDone?: () => void;
  /** True renews the set in the background until the lifetime or the session token ends. */
  readonly keepFresh: boolean;
}

/** Creates credential sets. */
export class SetMaker {
  readonly #ports: SetMakerPorts;

  /** Makes no call. */
  constructor(ports: SetMakerPorts) {
    this.#ports = ports;
  }

  /** Creates the set of all plans, its keys in the order of the plans. */
  async make(plans: readonly CredentialPlan[], options: SetOptions): Promise<CredentialSet> {
    const { clock, logger, sts } = this.#ports;
    // Before a call is made, so that no code is spent where it cannot be loaded.
    const renewal = options.keepFresh ? await loadRenewal() : undefined;
    const outcomes = await this.#carryOut(plans, options);
    const slots = this.#collect(plans, outcomes, options);
    const now = () => clock.now() + sts.skewMs();
    return new CredentialSet({
      slots,
      now,
      errors: options.errors,
      logger,
      renew: renewal && ((set) => this.#keepFresh(set, slots, options, renewal)),
    });
  }

  #carryOut(
    plans: readonly CredentialPlan[],
    { mfa, signal, mark, renew = false, keepFresh, beforeCall, onDone }: SetOptions,
  ): Promise<Outcome<Credentials>[]> {
    const { clock, concurrency, provider } = this.#ports;
    const sessions: BatchSessions = new Map();
    const starts = new CallStarts(clock);
    const rate = new CallRate(clock, mostBatchCallsPerSecond, { keepAlive: true });
    const turn = async (signal: AbortSignal) => {
      await rate.take(signal);
      await starts.take();
    };
    const options = { mfa, signal, mark, sessions, renew, keepFresh, beforeCall, turn };
    const carryOut = (plan: CredentialPlan) =>
      provider.carryOut(plan, options).finally(() => onDone?.());
    return runBatch(plans, concurrency, carryOut);
  }

  /** The slots of the plans that succeeded. Failures are thrown, or added to `errors`. */
  #collect(
    plans: readonly CredentialPlan[],
    outcomes: readonly Outcome<Credentials>[],
    options: SetOptions,
  ): RenewalSlot[] {
    const phases = spreadPhases(plans.length, this.#ports.random.number());
    const slots: RenewalSlot[] = [];
    const failures: ProfileFailure[] = [];
    for (const [index, plan] of plans.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) {
        slots.push(this.#slot(plan, outcome.value, options, phases[index] ?? 0));
      } else failures.push({ profile: plan.profile, error: outcome?.error });
    }
    if (failures.length > 0 && options.strict) throw combineFailures(failures, plans.length);
    for (const { profile, error } of failures) {
      if (!(error instanceof StsavalError)) throw error;
      options.errors.set(profile, error);
    }
    return slots;
  }

  /** A slot ends with the lifetime that was given, or with the credentials that only a new MFA code could renew. */
  #slot(
    plan: CredentialPlan,
    credentials: Credentials,
    { lifetime, lifetimeIsDefault }: SetOptions,
    phase: number,
  ): RenewalSlot {
    const { clock, sts } = this.#ports;
    const lifetimeEnd = clock.now() + sts.skewMs() + lifetime * 1_000;
    const mfaExpiry = this.#mfaExpiry(plan, credentials);
    const endsWithSession = mfaExpiry < lifetimeEnd ||
      (lifetimeIsDefault === true && mfaExpiry !== Infinity);
    return createRenewalSlot({
      plan,
      credentials,
      phase,
      endsAt: endsWithSession ? mfaExpiry : lifetimeEnd,
      endsWithCode: endsWithSession,
      endReason: endsWithSession
        ? `the session token expired at ${new Date(mfaExpiry).toISOString()}`
        : `the lifetime of ${formatDuration(lifetime)} has ended`,
    });
  }

  #mfaExpiry(plan: CredentialPlan, credentials: Credentials): number {
    if (plan.roles.some((role) => role.mfaSerial !== undefined)) {
      // A scoped copy may end before the role that it can be made of again.
      const wider = plan.scope === undefined ? undefined : this.#ports.provider.widerOf(plan);
      return (wider ?? credentials).Expiration.getTime();
    }
    if (plan.session?.mfaSerial === undefined) return Infinity;
    return this.#ports.provider.sessionOf(plan)?.Expiration.getTime() ?? Infinity;
  }

  #keepFresh(
    set: CredentialSet,
    slots: readonly RenewalSlot[],
    { mark, beforeCall }: SetOptions,
    { Refresher }: Renewal,
  ): Refresher {
    const { clock, concurrency, logger, provider, random, sts } = this.#ports;
    const mfa = createMfaSource(undefined);
    const rate = new CallRate(clock, mostCallsPerSecond);
    const turn = (signal: AbortSignal) => rate.take(signal);
    const refresher = new Refresher({
      slots,
      clock,
      random,
      logger,
      concurrency,
      skew: () => sts.skewMs(),
      endpoints: (slot) => renewedUrls(slot.plan),
      renew: (slot, signal) => provider.renew(slot.plan, { mfa, signal, mark, beforeCall, turn }),
      notify: (type, fields) => void set.dispatchEvent(new CredentialEvent(type, fields)),
      onEnd: (reason) => void set.halt(reason),
    });
    refresher.start();
    return refresher;
  }
}

/** What renews sets: loaded where a set is kept fresh, as that of a command that ends at once is not. */
async function loadRenewal() {
  return await import("../../refresh/refresher.ts");
}

type Renewal = Awaited<ReturnType<typeof loadRenewal>>;
