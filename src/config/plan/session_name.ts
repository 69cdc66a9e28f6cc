/**
 * Chooses the name of a role session.
 *
 * @module
 */

import { roleSessionNameLimit } from "../limits.ts";
import type { Profile } from "../profile.ts";

/** A session name, and a notice for the user if it was changed. */
export interface SessionName {
  readonly name: string;
  readonly notice?: string;
}

const longest = 64;

/** The configured name as it is, else `sts-` and the profile's name, with invalid characters replaced. */
export function chooseSessionName(profile: Profile): SessionName {
  if (profile.roleSessionName !== undefined) return { name: profile.roleSessionName };
  const wanted = `sts-${profile.name}`;
  const name = wanted.replace(/[^\w+=,.@-]/gu, "-").slice(0, longest);
  if (name === wanted) return { name };
  const notice = `Session name for profile "${profile.name}" is "${name}": ` +
    `STS allows ${roleSessionNameLimit.wanted}`;
  return { name, notice };
}
