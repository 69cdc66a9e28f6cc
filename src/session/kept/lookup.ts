/**
 * The lookup of a profile: what its plan comes down to, where it rests on the two files of the configuration and the
 * environment alone.
 *
 * @module
 */

import { createSessionCache } from "../../cache/cache.ts";
import type { CachePorts } from "../../cache/upkeep/parts.ts";
import { cacheKey } from "../../cache/key.ts";
import type { Lookup } from "../../cache/lookups/lookup.ts";
import { loadConfig } from "../../config/load.ts";
import { resolvePlans } from "../../config/plan/plan.ts";
import { wantsNarrowing } from "../../config/scope/wanted.ts";
import { silentLogger } from "../../logger.ts";
import { findCredentials } from "../cached_credentials.ts";
import { checkProxies } from "../connection.ts";
import { restsOnFilesAlone } from "./answer.ts";
import { configOptions } from "../plan_settings.ts";
import { sealWish } from "../sealed_cache.ts";
import { logUsedWarnings } from "../used_warnings.ts";

/**
 * The lookup that finds the credentials with that access key id. Undefined where none may be kept: the plan rests on
 * something else, comes with a warning, or does not lead to them.
 *
 * @throws {StsavalError} when the files, or a proxy of the environment, are invalid
 */
export async function lookupOf(
  ports: Omit<CachePorts, "logger">,
  profile: string,
  accessKeyId: string,
): Promise<Lookup | undefined> {
  checkProxies(ports.env);
  const config = await loadConfig(ports, configOptions({}));
  const { plans: [plan], notices } = resolvePlans(config, [profile]);
  if (plan === undefined || notices.length > 0 || !restsOnFilesAlone(plan)) return undefined;
  // A policy, or certificates, may be in another file.
  if (wantsNarrowing(config, [plan], {})) return undefined;
  const known = config.profiles.get(profile);
  if (known === undefined || known.caBundle !== undefined) return undefined;
  let warns = false;
  logUsedWarnings(config, [profile], [plan], { ...silentLogger, warn: () => warns = true });
  const { base, session, roles } = plan;
  if (warns) return undefined;
  const cache = createSessionCache({ ...ports, logger: silentLogger });
  if (cache === undefined) return undefined;
  // A cache that is to be sealed, or to be so no longer, is for the program.
  const wish = sealWish([plan], config);
  if (wish !== undefined && wish !== await cache.isSealed()) return undefined;
  const found = await findCredentials(plan, cache);
  if (found?.AccessKeyId !== accessKeyId) return undefined;
  const role = roles.at(-1);
  return {
    ...{ profile, region: known.region },
    key: await cacheKey({ base, session, roles }),
    last: role === undefined ? "session" : "role",
    durationSeconds: role?.durationSeconds,
  };
}
