/**
 * The cache on disk, for commands about it: what they could not look at is never counted as nothing.
 *
 * @module
 */

import { createSessionCache } from "../../../cache/cache.ts";
import type { SessionCache } from "../../../cache/port.ts";
import { StsavalError, UsageError } from "../../../errors.ts";
import type { Invocation } from "../../command.ts";

/**
 * The cache of the environment.
 *
 * @throws {UsageError} when no folder can be determined
 */
export function openCache(
  { logger, system: { clock, env, files } }: Pick<Invocation, "logger" | "system">,
): SessionCache {
  const cache = createSessionCache({ clock, env, files, logger });
  if (cache !== undefined) return cache;
  throw new UsageError(
    'Cannot find the cache "~/.aws/stsaval": HOME is not set, and no home folder is known',
    { hint: "set HOME or STSAVAL_CACHE_DIR" },
  );
}

/** @throws {StsavalError} when a part of the cache could not be looked at */
export function checkUnseen(cache: Pick<SessionCache, "unseen">): void {
  const [first, ...others] = cache.unseen();
  if (first === undefined) return;
  const what = others.length === 0 ? `"${first}"` : `"${first}" and ${others.length} more`;
  throw new StsavalError("FAILED", `Cannot look at ${what}: see the warnings above`, {
    hint: "credentials may be cached there; see 'stsaval help logout'",
  });
}
