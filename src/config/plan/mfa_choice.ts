/**
 * Chooses the MFA device of a chain.
 *
 * @module
 */

import { holdsKeys } from "../../plan.ts";
import type { Chain } from "./chain.ts";
import { quoteValue } from "../file/quote.ts";
import { deviceFault } from "../mfa_device.ts";
import { failProblems, failProblemsOf, failProfile, reasonOf, settingAt } from "./problem.ts";
import type { Profile } from "../profile.ts";

/** An MFA device, and why it was chosen. */
export interface MfaChoice {
  readonly serial: string;
  /** The profile's command for codes of the device. */
  readonly command?: string;
  /** The user profile whose kept seed makes the codes. */
  readonly store?: string;
  readonly reason: string;
}

/**
 * The requested device, else that of the first role, of the base, of the later roles.
 *
 * @throws {ProfileError} when that one is invalid, or cannot give six digits
 */
export function chooseMfa(chain: Chain, requested: string | undefined): MfaChoice | undefined {
  const [first, ...later] = chain.roles.map(({ profile }) => profile);
  const order = first === undefined ? [chain.baseProfile] : [first, chain.baseProfile, ...later];
  const choice = requested === undefined
    ? firstMfa(chain.profile.name, order)
    : requestedMfa(requested);
  return withStore(withCommand(choice, order), order, chain);
}

/** Adds the command of the first profile that names one, unless it is for another device. */
export function withCommand(
  choice: MfaChoice | undefined,
  profiles: readonly Profile[],
): MfaChoice | undefined {
  if (choice === undefined) return undefined;
  const command = profiles.find(({ mfaProcess, mfaSerial }) =>
    mfaProcess !== undefined && (mfaSerial ?? choice.serial) === choice.serial
  )?.mfaProcess;
  return command === undefined ? choice : { ...choice, command };
}

/**
 * Adds the user whose kept seed makes the codes, if the first profile that says something about it for this device says
 * so.
 *
 * @throws {ProfileError} when what a profile says is neither true nor false
 */
export function withStore(
  choice: MfaChoice | undefined,
  profiles: readonly Profile[],
  { profile: { name: asked }, baseProfile }: Pick<Chain, "profile" | "baseProfile">,
): MfaChoice | undefined {
  if (choice === undefined) return undefined;
  const ofDevice = profiles.filter(({ mfaSerial }) =>
    (mfaSerial ?? choice.serial) === choice.serial
  );
  failProblems(asked, ofDevice.map((profile) => [profile, ["mfaStore"]] as const));
  const first = ofDevice.find(({ mfaStore }) => mfaStore !== undefined);
  return first?.mfaStore === true ? { ...choice, store: baseProfile.name } : choice;
}

/** The device that the request names. */
export function requestedMfa(serial: string): MfaChoice {
  return { serial, reason: "the MFA device was requested" };
}

/**
 * The device of the first profile that names one.
 *
 * @throws {ProfileError} when it breaks a rule, or cannot give six digits
 */
export function firstMfa(asked: string, profiles: readonly Profile[]): MfaChoice | undefined {
  for (const profile of profiles) {
    failProblemsOf(asked, profile, "mfaSerial");
    const { mfaSerial: serial } = profile;
    if (serial === undefined) continue;
    const fault = deviceFault(serial);
    if (fault !== undefined) {
      const what = `${settingAt(profile, "mfaSerial")} is ${quoteValue(serial)}`;
      failProfile(asked, `${what}: it ${fault.why}`, fault.hint);
    }
    return { serial, reason: reasonOf(profile, "mfaSerial") };
  }
  return undefined;
}

/** True where the device of the profile can be used. */
export function hasUsableMfa({ mfaSerial, problems }: Profile): boolean {
  return mfaSerial !== undefined && deviceFault(mfaSerial) === undefined &&
    !problems.some(({ field }) => field === "mfaSerial");
}

/** Notices about the MFA devices of a chain that are not used. */
export function mfaNotices(chain: Chain, used: MfaChoice | undefined): readonly string[] {
  const named = chain.roles.filter(({ profile }) =>
    profile.mfaSerial !== undefined && profile.mfaSerial !== used?.serial
  );
  return named.map(({ profile }) => {
    const why = used === undefined
      ? `the base credentials of profile "${chain.baseProfile.name}" are ${
        holdsKeys(chain.base) ? "temporary already" : "used as they come"
      }`
      : `only one device is prompted for, ${used.serial}`;
    return `MFA device ${profile.mfaSerial} of profile "${profile.name}" is not used: ${why}`;
  });
}
