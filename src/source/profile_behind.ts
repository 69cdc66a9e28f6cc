/**
 * The profile on which another one rests.
 *
 * @module
 */

import type { Profile } from "../config/profile.ts";
import { askingLine } from "./process/asking_line.ts";

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
    profile = profiles.get(nextName(profile) ?? "")
  ) {
    if (isWanted(profile)) return profile;
    visited.add(profile);
  }
  return undefined;
}

/** The profile that a profile leads to: its source profile, or the one that its command line of stsaval asks for. */
export function nextName({ sourceProfile, credentialProcess }: Profile): string | undefined {
  if (sourceProfile !== undefined || credentialProcess === undefined) return sourceProfile;
  const line = askingLine(credentialProcess);
  return line?.isPlain ? line.profile : undefined;
}
