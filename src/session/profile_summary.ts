/**
 * Profiles as they are listed: what identifies them, without the rest of their settings.
 *
 * @module
 */

import type { Profile } from "../config/profile.ts";
import type { ProfileSummary } from "./core_options.ts";

/** What identifies a profile. */
export function summarizeProfile(profile: Profile): ProfileSummary {
  const { mfaSerial, name, place, region, roleArn, sourceProfile } = profile;
  return { name, roleArn, sourceProfile, mfaSerial, region, file: place.file };
}
