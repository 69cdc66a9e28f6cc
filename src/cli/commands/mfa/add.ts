/**
 * `stsaval mfa add`: keeps the seed of an MFA device.
 *
 * @module
 */

import { resolveChain } from "../../../config/plan/chain.ts";
import { resolveSessionPlan } from "../../../config/plan/plan.ts";
import { settingNames } from "../../../config/profile.ts";
import { ProfileError, StoreError, UsageError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import { formatOpener } from "../../../store/openers/opener_lines.ts";
import type { SealedSeed } from "../../../store/port.ts";
import { formatSeedNote, readSeedNote, seedNotePath } from "../../../store/seed/seed_note.ts";
import { readSeed } from "../../../store/seed/read_seed.ts";
import type { Command, Invocation } from "../../command.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { chooseOpener } from "../../keys/choose_opener.ts";
import { openerOption } from "../../keys/key_options.ts";
import { knownConfig } from "../../known_config.ts";
import { keptCodes, openSeedStore } from "../../mfa/kept_seeds.ts";
import { codeOptions, fileOptions, profileOption } from "../../options.ts";
import { wantedProfile } from "../../profile_names.ts";
import { askLine } from "../../prompt/ask_line.ts";

/** The record. */
export const mfaAdd: Command = {
  name: "mfa add",
  topic: "setUp",
  summary: "Keep the seed of an MFA device, sealed, so that stsaval makes its codes",
  description:
    "Takes the secret key that AWS shows when a virtual MFA device is set up (base32), or the text of its QR code\n" +
    "(otpauth://totp/…), at a hidden prompt or on standard input, never on the command line. It is sealed in a\n" +
    "file of its own, ~/.aws/stsaval/sealed/PROFILE.mfa.age. PROFILE is the user's own, or one whose role the user\n" +
    `assumes. Codes are put in only where a profile says ${settingNames.mfaStore} = true.\n\n` +
    "The seed beside the long-term key makes one factor of two: whoever can open both as you needs no other\n" +
    "device. Keep it on a phone or a key where two factors are demanded. See docs/mfa_codes.md.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [
    profileOption,
    openerOption,
    ...codeOptions.filter(({ name }) => name === "mfa-serial"),
    { name: "replace", summary: "In place of the seed that is kept for PROFILE" },
    {
      name: "show-codes",
      summary: "Print two consecutive codes, which AWS asks for when a device is set up",
    },
    ...fileOptions.filter(({ name }) => name !== "role-file"),
  ],
  examples: [
    { line: "stsaval mfa add IAM_USER1", summary: "asks for the secret key" },
    {
      line: "stsaval mfa add IAM_USER1 --show-codes",
      summary: "for a new device: AWS's form asks for two codes",
    },
  ],
  environment: profileEnvironment,
  needs: ["read-aws", "default-chain", "sealed-store", "opener", "prompt"],
  run: runMfaAdd,
};

async function runMfaAdd(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const { profile, serial } = await userOf(invocation);
  const path = seedNotePath(system.env, profile);
  if (path === undefined) {
    throw new UsageError("Cannot keep a seed: the home folder is not known", { hint: "set HOME" });
  }
  await checkFree(invocation, profile);
  const { seed: { ...read }, label } = readSeed(await seedText(invocation, profile));
  const seed: SealedSeed = serial === undefined ? read : { ...read, serial };
  const { opener } = await chooseOpener(invocation);
  const store = await openSeedStore(invocation, opener);
  const name = { kind: "mfa", profile } as const;
  const content = JSON.stringify(seed);
  await store.write(name, content);
  if (await store.read(name) !== content) {
    throw new StoreError("failed", `Cannot seal the seed of "${profile}": it reads back otherwise`);
  }
  const note = { version: 1, opener: formatOpener(opener), ...(serial ? { serial } : {}) } as const;
  const added = new Date(system.clock.now()).toISOString();
  await system.files.replaceText(path, formatSeedNote({ ...note, added }));
  report(invocation, profile, { serial, label });
  if (given.flag("show-codes")) {
    const next = await keptCodes(invocation, { profile, signal });
    for (let count = 0; count < 2; count++) system.terminal.out(`${await next()}\n`);
  }
  return 0;
}

/** The user profile behind the one that is named, and its device. */
async function userOf(invocation: Invocation) {
  const named = await wantedProfile(invocation);
  const config = await knownConfig(invocation);
  const profile = resolveChain(config, named).baseProfile.name;
  const given = invocation.arguments.text("mfa-serial");
  const request = given === undefined ? {} : { mfaSerial: given };
  const { session } = resolveSessionPlan(config, profile, request);
  return { profile, serial: session?.mfaSerial };
}

async function checkFree(invocation: Invocation, profile: string): Promise<void> {
  const { arguments: given, system } = invocation;
  if (given.flag("replace") || await readSeedNote(system, profile) === undefined) return;
  throw new ProfileError([{
    profile,
    message: `Cannot keep a seed for profile "${profile}": one is kept already`,
    hint: "add --replace if it is of a device that is gone",
  }]);
}

async function seedText(
  { signal, system: { clock, terminal } }: Invocation,
  profile: string,
): Promise<string> {
  if (!terminal.canAsk) return await terminal.readInput();
  return await askLine(
    { clock, signal, terminal },
    `Secret key of the MFA device of "${visible(profile)}"`,
    { hint: "give it on standard input", isSecret: true },
  );
}

function report(
  { arguments: given, system: { terminal } }: Invocation,
  profile: string,
  { serial, label }: { readonly serial: string | undefined; readonly label: string | undefined },
): void {
  if (given.flag("quiet")) return;
  const device = serial ?? label ?? "its MFA device";
  terminal.err(
    `Kept the seed of ${visible(device)} for profile "${visible(profile)}"\n` +
      "Seed and key on one machine are one factor: whoever can open both needs no other device\n" +
      `Codes are put in where a profile says ${settingNames.mfaStore} = true\n`,
  );
}
