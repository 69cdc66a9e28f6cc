/**
 * Credentials from the cache on disk, without a call or a prompt. `credential_process` starts a process per request and
 * waits for every module that it loads, so this imports nothing that makes calls.
 *
 * @module
 */

import { loadConfig } from "../config/load.ts";
import type { Credentials } from "../credentials.ts";
import { silentLogger } from "../logger.ts";
import { type CredentialPlan, isKeysStep, sharesAwsCache } from "../plan.ts";
import { cacheKey } from "../cache/key.ts";
import { createSessionCache } from "../cache/cache.ts";
import type { CachePorts } from "../cache/upkeep/parts.ts";
import type { SessionCache } from "../cache/port.ts";
import type { StsCoreOptions } from "./core_options.ts";
import { checkCoreOptions } from "./option_limits.ts";
import { narrowedPlans } from "./scope/narrowed_plans.ts";
import { configOptions, planRequest } from "./plan_settings.ts";
import { identified, sourceOf } from "../source/sources.ts";
import { sealWish } from "./sealed_cache.ts";
import { scopeServes, sessionServes } from "../schedule.ts";

/** The ports of {@linkcode cachedCredentials}. */
export type CachedPorts = Omit<CachePorts, "logger">;

/**
 * The credentials that `StsCore.generateCredentials` would take from the cache on disk. Undefined if it would do
 * anything else, even just warn: then it must be called.
 *
 * @throws {StsavalError} when the files or the options are invalid
 */
export async function cachedCredentials(
  ports: CachedPorts,
  profile: string,
  options: StsCoreOptions,
  wanted: { readonly lifetime?: string | undefined } = {},
): Promise<Credentials | undefined> {
  checkCoreOptions(options);
  const config = await loadConfig(ports, configOptions(options));
  const request = planRequest(options, wanted, ports.env);
  const { plans: [plan], notices } = await narrowedPlans(ports, config, [profile], request);
  if (plan === undefined || notices.length > 0) return undefined;
  // The AWS CLI's cache may need an update.
  if (sharesAwsCache(plan)) return undefined;
  const cache = createSessionCache({ ...ports, logger: silentLogger });
  if (cache === undefined) return undefined;
  const wish = sealWish([plan], config);
  if (wish !== undefined && wish !== await cache.isSealed()) return undefined;
  const base = await identified(plan.base, { system: ports });
  return await findCredentials({ ...plan, base }, cache);
}

/** The entry of the plan's last step, if `StsCore` would take it. */
export async function findCredentials(
  { base, session, roles, scope }: Pick<CredentialPlan, "base" | "session" | "roles" | "scope">,
  cache: Pick<SessionCache, "get">,
): Promise<Credentials | undefined> {
  const last = scope ?? roles.at(-1) ?? session;
  if (last === undefined && (isKeysStep(base) || !sourceOf(base).sharesOnDisk)) return undefined;
  // As in the provider: a new session token costs an MFA code, a new role does not.
  const token = { serves: sessionServes(session?.requiredSeconds) };
  if (session !== undefined && session.requiredSeconds !== undefined) {
    const key = await cacheKey({ base, session, roles: [] });
    if (await cache.get(key, token) === undefined) return undefined;
  }
  const role = roles.at(-1);
  const query = scope !== undefined
    ? { serves: scopeServes(scope.durationSeconds) }
    : role !== undefined
    ? { durationSeconds: role.durationSeconds }
    : session === undefined
    ? {}
    : token;
  return await cache.get(await cacheKey({ base, session, roles, scope }), query);
}
