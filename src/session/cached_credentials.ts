/**
 * What the cache on disk answers without anybody being called or asked. A program that is started for each answer
 * waits for every module that it loads, so this leads to nothing that makes calls.
 *
 * @module
 */

import { loadConfig } from "../config/load.ts";
import { resolvePlans } from "../config/plan.ts";
import type { Credentials } from "../credentials.ts";
import { silentLogger } from "../logger.ts";
import { type CredentialPlan, isKeysStep } from "../plan.ts";
import { cacheKey } from "./cache_key.ts";
import { type CachePorts, createSessionCache } from "./cache.ts";
import type { SessionCache } from "./cache_port.ts";
import type { CredentialsOptions, StsCoreOptions } from "./core_options.ts";
import { checkAgainstMfa, configOptions, lifetimeSeconds, planRequest } from "./plan_settings.ts";

/** What it works with. */
export type CachedPorts = Omit<CachePorts, "logger">;

/**
 * The credentials that `StsCore.generateCredentials` would take from the cache on disk. Undefined where it would do
 * anything else, be it only to warn: then it has to be called.
 *
 * @throws {StsavalError} where it would throw one
 */
export async function cachedCredentials(
  ports: CachedPorts,
  profile: string,
  options: StsCoreOptions,
  wanted: Pick<CredentialsOptions, "lifetime"> = {},
): Promise<Credentials | undefined> {
  const config = await loadConfig(ports, configOptions(options));
  const { plans, problems, notices } = resolvePlans(
    config,
    [profile],
    planRequest(options, wanted),
  );
  const [plan] = plans;
  if (plan === undefined || problems.length > 0 || notices.length > 0) return undefined;
  checkAgainstMfa(plans, lifetimeSeconds(wanted));
  let hasWarned = false;
  const logger = { ...silentLogger, warn: () => void (hasWarned = true) };
  const found = await findCredentials(plan, createSessionCache({ ...ports, logger }));
  return hasWarned ? undefined : found;
}

async function findCredentials(
  { base, session, roles }: CredentialPlan,
  cache: SessionCache,
): Promise<Credentials | undefined> {
  const last = roles.at(-1) ?? session;
  if (last === undefined || !isKeysStep(base)) return undefined;
  const { durationSeconds } = last;
  return await cache.get(await cacheKey({ base, session, roles }), { durationSeconds });
}
