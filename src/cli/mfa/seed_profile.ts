/**
 * Whose seed a command means: that of the profile itself, or of the user who assumes its role.
 *
 * @module
 */

import { resolveChain } from "../../config/plan/chain.ts";
import { ProfileError } from "../../errors.ts";
import { readSeedNote } from "../../store/seed/seed_note.ts";
import type { Invocation } from "../command.ts";
import { typedNames } from "../core_settings.ts";
import { knownConfig } from "../known_config.ts";
import { wantedProfile } from "../profile_names.ts";
import { listSeeds } from "./kept_seeds.ts";

/**
 * The user profile whose seed is meant; without a name, the only one that is kept.
 *
 * @throws {ProfileError} when there is no such profile
 */
export async function seedProfile(invocation: Invocation): Promise<string> {
  const { arguments: given, system } = invocation;
  const typed = typedNames(given);
  if (typed.length === 0) {
    const [only, ...others] = await listSeeds(system);
    if (only !== undefined && others.length === 0) return only.profile;
  }
  // The seed of a profile that is gone from the files is still one.
  const [first = ""] = typed;
  if (await readSeedNote(system, first) !== undefined) return first;
  const named = await wantedProfile(invocation);
  try {
    return resolveChain(await knownConfig(invocation), named).baseProfile.name;
  } catch (error) {
    if (error instanceof ProfileError && await readSeedNote(system, named) !== undefined) {
      return named;
    }
    throw error;
  }
}
