/**
 * What a StsCore works with, put together when its ports are known.
 *
 * @module
 */

import type { AwsCliCache } from "../cache/aws_cli_cache.ts";
import { createLogoutFile, createSessionCache } from "../cache/cache.ts";
import type { LogoutFile } from "../cache/logout_file.ts";
import type { LogoutMark } from "../cache/logouts.ts";
import type { SessionCache } from "../cache/port.ts";
import type { Config } from "../config/load.ts";
import { createPlanCache, type PlanCache } from "../cache/plan_cache.ts";
import { UsageError } from "../errors.ts";
import { type Logger, loggerFor, nonThrowing, silentLogger } from "../logger.ts";
import { type CredentialPlan, sharesAwsCache } from "../plan.ts";
import type { ProgressState } from "../progress.ts";
import { createSts } from "../sts/client.ts";
import type { ClockedSts } from "../sts/sts.ts";
import type { Files, ModuleSystem } from "../system.ts";
import { BaseCredentials } from "./base_credentials.ts";
import { Connection } from "./connection.ts";
import type { StsCoreOptions } from "./core_options.ts";
import { Provider } from "./provider.ts";
import { sealWish } from "./sealed_cache.ts";
import { SetMaker } from "./set/set_maker.ts";

/**
 * Calls at once. Each takes STS 50 to 150 ms, and 100 roles are as many as most people have: with 32 at once they take
 * nearly twice as long where STS answers in 150 ms, and a fifth longer in 20 (`deno task bench "at once"`). However many
 * are at once, a batch makes no more calls in a second than AWS allows (`mostBatchCallsPerSecond`).
 */
const defaultConcurrency = 100;

/** Whom the parts tell what happens. */
export interface CoreObservers {
  /** Without a module name. */
  readonly rootLogger: Logger;
  readonly progress: ProgressState;
}

/** The parts. */
export class CoreParts {
  /** The ports; the network is that of the connection. */
  readonly system: ModuleSystem;
  /** The way to AWS. */
  readonly connection: Connection;
  /** Base credentials. */
  readonly base: BaseCredentials;
  /** Carries plans out. */
  readonly provider: Provider;
  /** Makes sets. */
  readonly maker: SetMaker;
  readonly #options: StsCoreOptions;
  readonly #rootLogger: Logger;
  readonly #logger: Logger;
  readonly #progress: ProgressState;
  readonly #sts: ClockedSts;
  readonly #cache: SessionCache | undefined;
  #cachedSkew = { ms: 0, issued: -Infinity };

  /**
   * Makes no call and reads no file.
   *
   * @throws {UsageError} when the cache is to be shared where processes cannot wait for one another
   */
  constructor(given: ModuleSystem, options: StsCoreOptions, observers: CoreObservers) {
    if (options.cache === "disk") checkLocks(given.files);
    this.connection = new Connection(given);
    const system = { ...given, network: this.connection.network };
    this.system = system;
    this.#options = options;
    this.#rootLogger = observers.rootLogger;
    this.#logger = loggerFor(this.#rootLogger, "core");
    this.#progress = observers.progress;
    this.#sts = createSts({ ...system, logger: this.#rootLogger, waits: this.#progress }, options);
    this.#cache = options.cache === "disk" ? this.#diskCache() : undefined;
    const cache = this.#cache && this.#planCache(this.#cache);
    const { timeoutMs, lockTimeoutMs, onWait, passphrase } = options;
    const ports = { sts: this.#sts, now: this.now, logger: this.#logger, cache };
    const awsCliCache = this.#awsCliCache();
    const waiting = { timeoutMs, lockTimeoutMs, onWait, waits: this.#progress, passphrase };
    this.base = new BaseCredentials({ ...ports, system, ...waiting, awsCliCache });
    this.provider = new Provider({ ...ports, base: this.base, awsCliCache });
    this.maker = new SetMaker({
      provider: this.provider,
      sts: { skewMs: this.#skewMs },
      clock: system.clock,
      random: system.random,
      logger: loggerFor(this.#rootLogger, "refresher"),
      concurrency: options.concurrency ?? defaultConcurrency,
    });
  }

  /** Milliseconds by STS's clock, as far as known. */
  readonly now = (): number => this.system.clock.now() + this.#skewMs();

  /** What is known of logouts now; undefined if nothing can be cached on disk. */
  async logoutMark(plans: readonly CredentialPlan[]): Promise<LogoutMark | undefined> {
    const isCached = this.#options.cache === "disk" ||
      plans.some(sharesAwsCache);
    return isCached ? await this.#logouts()?.mark() : undefined;
  }

  /** Seals the cache or ends that, if the plans say so. */
  async sealCache(plans: readonly CredentialPlan[], config: Config): Promise<void> {
    const wish = sealWish(plans, config);
    if (wish !== undefined) await this.#cache?.seal(wish);
  }

  /** How far STS's clock is ahead: from its responses, or from the newest cache entry before the first one. */
  readonly #skewMs = (): number => this.#sts.measuredSkewMs() ?? this.#cachedSkew.ms;

  #cachePorts() {
    const { clock, env, files } = this.system;
    const logger = loggerFor(this.#rootLogger, "cache");
    return { clock, env, files, logger, skewMs: this.#skewMs };
  }

  /** Undefined if there is no cache folder; credentials are then kept in memory only. */
  #diskCache(): SessionCache | undefined {
    const { random } = this.system;
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
    const tellWait = onWait && safely(this.#logger, "onWait", onWait);
    const waits = this.#progress;
    const { digests } = this.system;
    return createPlanCache({ ...ports, digests, cache, lockTimeoutMs, onWait: tellWait, waits });
  }

  /** Loaded when it is first used: few roles are shared with the AWS CLI. */
  #awsCliCache(): Pick<AwsCliCache, "get" | "put"> {
    let loading: Promise<AwsCliCache> | undefined;
    const load = async () => {
      const { createAwsCliCache } = await import("../cache/aws_cli_cache.ts");
      return createAwsCliCache({
        ...this.#cachePorts(),
        isLoggedOut: async (mark, owner) => await this.#logouts()?.covers(mark, owner) ?? false,
      });
    };
    const cache = () =>
      loading ??= load().catch((error) => {
        loading = undefined;
        throw error;
      });
    return {
      get: async (...given) => await (await cache()).get(...given),
      put: async (...given) => await (await cache()).put(...given),
    };
  }

  #logouts(): LogoutFile | undefined {
    return createLogoutFile({ ...this.system, logger: silentLogger });
  }
}

/** A callback of the caller that fails is reported, and harms nothing. */
export function safely<Value>(
  logger: Logger,
  name: string,
  callback: (value: Value) => unknown = () => {},
): (value: Value) => void {
  return nonThrowing(callback, (why) => logger.error(`callback: ${name} failed: ${why}`));
}

/** Without locks, two programs would ask for the same code, and one could undo what the other has written. */
function checkLocks({ hasLocks = true }: Pick<Files, "hasLocks">): void {
  if (hasLocks) return;
  throw new UsageError(
    'Cannot use the cache "disk": Node and Bun have no locks of the kernel, wanted "memory"',
    { hint: "leave 'cache' out, or run the program with Deno" },
  );
}
