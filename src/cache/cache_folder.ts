/**
 * Where the cache is.
 *
 * @module
 */

import { pathInHome } from "../config/home.ts";
import type { Environment } from "../system.ts";

/** `STSAVAL_CACHE_DIR`, else `~/.aws/stsaval`; undefined if that needs a home folder and none is known. */
export function cacheFolder(env: Environment): string | undefined {
  return pathInHome(env.get("STSAVAL_CACHE_DIR") ?? "~/.aws/stsaval", env);
}
