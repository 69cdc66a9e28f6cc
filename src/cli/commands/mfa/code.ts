/**
 * `stsaval mfa code`: prints a code of a kept seed.
 *
 * @module
 */

import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { keptCodes } from "../../mfa/kept_seeds.ts";
import { seedProfile } from "../../mfa/seed_profile.ts";
import { fileOptions, profileOption } from "../../options.ts";

/** The record. */
export const mfaCode: Command = {
  name: "mfa code",
  topic: "setUp",
  summary: "Print an MFA code of a kept seed",
  description:
    "Prints the code of this moment, which counts as used from then on. Where it was used already, by whichever\n" +
    "process, waits for the next one. For AWS's web pages, and for other programs.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [profileOption, ...fileOptions.filter(({ name }) => name !== "role-file")],
  examples: [{ line: "stsaval mfa code IAM_USER1", summary: "six digits" }],
  environment: profileEnvironment,
  needs: ["read-aws", "default-chain", "sealed-store", "seed-opener", "prompt"],
  run: runMfaCode,
};

async function runMfaCode(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const profile = await seedProfile(invocation);
  const code = await (await keptCodes(invocation, { profile, signal }))();
  system.terminal.out(given.flag("json") ? `${JSON.stringify({ profile, code })}\n` : `${code}\n`);
  return 0;
}
