/**
 * Paths below the home folder.
 *
 * @module
 */

import type { Environment } from "../system.ts";
import { expandHome } from "./load.ts";

/** The path with the home folder in place of `~`; undefined if it needs one and none is known. */
export function pathInHome(path: string, env: Environment): string | undefined {
  const expanded = expandHome(path, env);
  return /^~(?=$|[\\/])/.test(expanded) ? undefined : expanded;
}
