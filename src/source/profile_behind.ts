/**
 * The profile on which another one rests.
 *
 * @module
 */

import type { Profile } from "../config/profile.ts";

/** The first profile that is wanted: the named one, or one behind its source profiles. */
export function profileBehind(
  name: string,
  profiles: ReadonlyMap<string, Profile>,
  isWanted: (profile: Profile) => boolean,
): Profile | undefined {
  const visited = new Set<Profile>();
  for (
    let profile = profiles.get(name);
    profile !== undefined && !visited.has(profile);
    profile = profiles.get(profile.sourceProfile ?? "")
  ) {
    if (isWanted(profile)) return profile;
    visited.add(profile);
  }
  return undefined;
}
