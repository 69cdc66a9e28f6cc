/**
 * Profiles as they are listed: what identifies them, without the rest of their settings.
 *
 * @module
 */

import type { Config } from "../config/load.ts";
import type { ProfileSummary } from "./core_options.ts";

/** The profiles of a configuration, in its order. */
export function summarizeProfiles({ profiles }: Config): ProfileSummary[] {
  return [...profiles.values()].map((profile) => ({
    name: profile.name,
    roleArn: profile.roleArn,
    sourceProfile: profile.sourceProfile,
    mfaSerial: profile.mfaSerial,
    region: profile.region,
    file: profile.place.file,
  }));
}
