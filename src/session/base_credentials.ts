/**
 * The base credentials of plans: the keys of a plan, or the credentials of its source, fetched in a single flight.
 *
 * @module
 */

import type { AwsCliCache } from "../cache/aws_cli_cache.ts";
import type { LogoutMark } from "../cache/logouts.ts";
import type { PlanCache } from "../cache/plan_cache.ts";
import { type AccessKeys, asAccessKeys, Credentials, neverEnds } from "../credentials.ts";
import type { BaseStep, SourceStep } from "../plan.ts";
import { isKeysStep } from "../plan.ts";
import { isFresh } from "../schedule.ts";
import type { Sts } from "../sts/sts.ts";
import type { SourceContext, SourceCredentials } from "../source/source.ts";
import { identified, sourceOf } from "../source/sources.ts";
import { SingleFlight } from "./flight.ts";

/** The ports of fetching. */
export interface BaseCredentialsPorts extends Omit<SourceContext, "signal"> {
  readonly sts: Sts;
  /** Shares credentials with other processes; without it they are kept in memory only. */
  readonly cache?: PlanCache | undefined;
  readonly awsCliCache?: Pick<AwsCliCache, "get" | "put"> | undefined;
}

/** The options of one fetch. */
export interface BaseOptions {
  readonly signal: AbortSignal;
  /** True fetches new ones even if valid ones exist. */
  readonly renew?: boolean | undefined;
  /** What was known of logouts when the request began. */
  readonly mark?: LogoutMark | undefined;
  /** Called before any file, process or host is accessed. */
  readonly beforeFetch?: (() => void) | undefined;
}

/** Fetches base credentials, and keeps them as long as they are fresh. */
export class BaseCredentials {
  readonly #ports: BaseCredentialsPorts;
  readonly #known = new Map<string, Credentials>();
  readonly #marks = new Map<string, LogoutMark | undefined>();
  readonly #flights = new SingleFlight<Credentials>();

  /** Fetches nothing yet. */
  constructor(ports: BaseCredentialsPorts) {
    this.#ports = ports;
  }

  /** The keys that the steps after the base sign with. */
  async keys(base: BaseStep, options: BaseOptions): Promise<AccessKeys> {
    return isKeysStep(base) ? base.keys : asAccessKeys(await this.credentials(base, options));
  }

  /**
   * The credentials of the source.
   *
   * @throws {ProfileError} for a kind that stsaval does not fetch
   * @throws {SignInNeededError} when the user must sign in first
   * @throws {SourceError} when the source rejects the request or cannot be reached
   */
  async credentials(step: SourceStep, options: BaseOptions): Promise<Credentials> {
    const key = baseKey(step);
    // Long-term keys are not renewed: whoever typed a passphrase types it once.
    const known = options.renew && !step.isLongTerm ? undefined : this.#known.get(key);
    if (known !== undefined && isFresh(known, this.#ports.now())) return known;
    return await this.#flights.run(key, options.signal, async (signal) => {
      const inner = { ...options, signal };
      const fetched = await this.#shareWithAwsCli(step, inner, () => this.#share(step, inner));
      this.#known.set(key, fetched);
      this.#marks.set(key, options.mark);
      return fetched;
    });
  }

  /** The base as caches on disk know it: with what identifies the one whose credentials it gives. */
  cached(base: BaseStep): BaseStep | Promise<BaseStep> {
    return identified(base, this.#ports);
  }

  /** What was known of logouts when the credentials in memory were fetched. */
  markOf(base: BaseStep): LogoutMark | undefined {
    return isKeysStep(base) ? undefined : this.#marks.get(baseKey(base));
  }

  /** Settles when nothing is fetched: what holds the only refresh token of a sign-in is kept before its process ends. */
  async settled(): Promise<void> {
    await this.#flights.settled();
  }

  /** Discards all fetched credentials. */
  forget(): void {
    this.#known.clear();
  }

  async #share(step: SourceStep, options: BaseOptions): Promise<Credentials> {
    const run = () => this.#fetch(step, options);
    const { cache } = this.#ports;
    if (cache === undefined || !sourceOf(step).sharesOnDisk) return await run();
    const { signal, renew } = options;
    const subject = { base: await this.cached(step), roles: [] };
    const mark = () => options.mark;
    return await cache.share({ profile: step.profile, subject, signal, renew, mark, fetch: run });
  }

  /** What the AWS CLI has cached serves too, and it finds what was not its own. */
  async #shareWithAwsCli(
    { awsCli, profile }: SourceStep,
    { mark, renew }: BaseOptions,
    work: () => Promise<Credentials>,
  ): Promise<Credentials> {
    const { awsCliCache } = this.#ports;
    if (awsCli === undefined || awsCliCache === undefined) return await work();
    const theirs = await awsCliCache.get(awsCli);
    if (theirs !== undefined && !renew) return theirs;
    const made = await work();
    const isTheirs = theirs?.AccessKeyId === made.AccessKeyId;
    if (!isTheirs) await awsCliCache.put(awsCli, made, { profile, mark });
    return made;
  }

  async #fetch(
    step: SourceStep,
    { signal, beforeFetch }: BaseOptions,
  ): Promise<Credentials> {
    const source = sourceOf(step);
    beforeFetch?.();
    this.#ports.logger.debug(`fetch: ${step.reason}`);
    const started = this.#ports.now();
    return asCredentials(await source.fetch(step, { ...this.#ports, signal }), started);
  }
}

/** What identifies the base credentials of a plan. */
export function baseKey(base: BaseStep): string {
  return JSON.stringify(
    isKeysStep(base)
      ? [base.keys.accessKeyId]
      : [base.source, Object.entries(base.settings).sort()],
  );
}

/** Long-term keys have no session token, and what a program prints may have no end. */
function asCredentials(
  { keys: { accessKeyId, secretAccessKey, sessionToken = "" }, expiration, issued }:
    SourceCredentials,
  started: number,
): Credentials {
  return new Credentials({
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    StartTime: issued ?? new Date(started),
    Expiration: expiration ?? new Date(neverEnds),
  });
}
