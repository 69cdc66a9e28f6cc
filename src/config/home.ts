/**
 * Paths below the home folder.
 *
 * @module
 */

import type { Environment } from "../system.ts";

/** The path with the home folder in place of `~`, if the home folder is known. */
export function expandHome(path: string, env: Environment): string {
  const home = env.get("HOME") ?? env.get("USERPROFILE");
  return home !== undefined && /^~(?=$|[\\/])/.test(path) ? home + path.slice(1) : path;
}

/** The path with the home folder in place of `~`; undefined if it needs one and none is known. */
export function pathInHome(path: string, env: Environment): string | undefined {
  const expanded = expandHome(path, env);
  return /^~(?=$|[\\/])/.test(expanded) ? undefined : expanded;
}

/** Whether the path names the same file in every working folder. Inside the program, a path of Windows has "/" too. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path);
}
