/**
 * The name of a role's session.
 *
 * @module
 */

import { roleSessionNameLimit } from "../limits.ts";
import type { Profile } from "../profile.ts";

/** A session name, and what the user should know of it. */
export interface SessionName {
  readonly name: string;
  readonly notice?: string;
}

const longest = 64;

/** The configured name as it is, else `sts-` and the profile's name, made legal. */
export function chooseSessionName(profile: Profile): SessionName {
  if (profile.roleSessionName !== undefined) return { name: profile.roleSessionName };
  const wanted = `sts-${profile.name}`;
  const name = wanted.replace(/[^\w+=,.@-]/gu, "-").slice(0, longest);
  if (name === wanted) return { name };
  const notice = `Session name for profile "${profile.name}" is "${name}": ` +
    `STS allows ${roleSessionNameLimit.wanted}`;
  return { name, notice };
}
