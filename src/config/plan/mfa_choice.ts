/**
 * Chooses the MFA device of a chain.
 *
 * @module
 */

import { type BaseStep, isKeysStep } from "../../plan.ts";
import type { Chain } from "./chain.ts";
import { reasonOf } from "./problem.ts";
import type { Profile } from "../profile.ts";

/** An MFA device, and why it was chosen. */
export interface MfaChoice {
  readonly serial: string;
  /** The profile's command for codes of the device. */
  readonly command?: string;
  readonly reason: string;
}

/** True for long-term keys, which can get a session token. */
export function isLongTerm(base: BaseStep): boolean {
  return isKeysStep(base) && base.keys.sessionToken === undefined;
}

/** The requested device, else that of the first role, of the base, of the later roles. */
export function chooseMfa(chain: Chain, requested: string | undefined): MfaChoice | undefined {
  const [first, ...later] = chain.roles.map(({ profile }) => profile);
  const order = first === undefined ? [chain.baseProfile] : [first, chain.baseProfile, ...later];
  return withCommand(requested === undefined ? firstMfa(order) : requestedMfa(requested), order);
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

/** The device that the request names. */
export function requestedMfa(serial: string): MfaChoice {
  return { serial, reason: "the MFA device was requested" };
}

/** The device of the first profile that names one. */
export function firstMfa(profiles: readonly Profile[]): MfaChoice | undefined {
  const profile = profiles.find(({ mfaSerial }) => mfaSerial !== undefined);
  if (profile?.mfaSerial === undefined) return undefined;
  return { serial: profile.mfaSerial, reason: reasonOf(profile, "mfaSerial") };
}

/** Notices about the MFA devices of a chain that are not used. */
export function mfaNotices(chain: Chain, used: MfaChoice | undefined): readonly string[] {
  const named = chain.roles.filter(({ profile }) =>
    profile.mfaSerial !== undefined && profile.mfaSerial !== used?.serial
  );
  return named.map(({ profile }) => {
    const why = used === undefined
      ? `the base credentials of profile "${chain.baseProfile.name}" are temporary already`
      : `only one device is prompted for, ${used.serial}`;
    return `MFA device ${profile.mfaSerial} of profile "${profile.name}" is not used: ${why}`;
  });
}
