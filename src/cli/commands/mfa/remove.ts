/**
 * `stsaval mfa remove`: removes a kept seed.
 *
 * @module
 */

import { ProfileError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import { readSeedNote, seedNotePath, seedPath } from "../../../store/seed/seed_note.ts";
import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { seedProfile } from "../../mfa/seed_profile.ts";
import { fileOptions, profileOption } from "../../options.ts";

/** The record. */
export const mfaRemove: Command = {
  name: "mfa remove",
  topic: "setUp",
  summary: "Remove the kept seed of an MFA device",
  description:
    "Removes the sealed seed of PROFILE. Opens nothing, so that it works without a passphrase or a keyring. AWS is\n" +
    "not told: the device stays one of the user's until it is deactivated in IAM.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [profileOption, ...fileOptions.filter(({ name }) => name !== "role-file")],
  examples: [{ line: "stsaval mfa remove IAM_USER1", summary: "its seed is gone for good" }],
  environment: profileEnvironment,
  needs: ["read-aws", "default-chain", "sealed-store"],
  run: runMfaRemove,
};

async function runMfaRemove(invocation: Invocation): Promise<number> {
  const { arguments: given, system: { env, files, terminal } } = invocation;
  const profile = await seedProfile(invocation);
  const paths = [seedPath(env, profile), seedNotePath(env, profile)].filter((path) =>
    path !== undefined
  );
  const [sealed = ""] = paths;
  const isKept = await files.facts(sealed) !== undefined ||
    await readSeedNote({ env, files }, profile) !== undefined;
  if (!isKept) {
    throw new ProfileError([{
      profile,
      message: `Cannot remove the seed of profile "${profile}": none is kept`,
      hint: "'stsaval mfa list' lists those that are kept",
    }]);
  }
  for (const path of paths) await files.remove(path);
  const text = `Removed the seed of "${visible(profile)}"`;
  terminal.out(given.flag("json") ? `${JSON.stringify({ removed: profile })}\n` : `${text}\n`);
  return 0;
}
