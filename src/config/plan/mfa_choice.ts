/**
 * Which MFA device a chain needs.
 *
 * @module
 */

import { type BaseStep, isKeysStep } from "../../plan.ts";
import type { Chain } from "./chain.ts";
import { reasonOf } from "./problem.ts";
import type { Profile } from "../profile.ts";

/** An MFA device, and why it is this one. */
export interface MfaChoice {
  readonly serial: string;
  /** The command that a profile names for the device's codes. */
  readonly command?: string;
  readonly reason: string;
}

/** True for keys that can ask for a session token: those that are not temporary themselves. */
export function isLongTerm(base: BaseStep): boolean {
  return isKeysStep(base) && base.keys.sessionToken === undefined;
}

/** The device that was asked for, else that of the role assumed first, of the base, of the roles after it. */
export function chooseMfa(chain: Chain, asked: string | undefined): MfaChoice | undefined {
  const [first, ...later] = chain.roles.map(({ profile }) => profile);
  const order = first === undefined ? [chain.baseProfile] : [first, chain.baseProfile, ...later];
  return withCommand(asked === undefined ? firstMfa(order) : askedMfa(asked), order);
}

/** The choice with the command of the first profile that names one, unless it is about another device. */
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

/** The device that somebody asked for. */
export function askedMfa(serial: string): MfaChoice {
  return { serial, reason: "the MFA device was asked for" };
}

/** The device of the first profile that names one. */
export function firstMfa(profiles: readonly Profile[]): MfaChoice | undefined {
  const profile = profiles.find(({ mfaSerial }) => mfaSerial !== undefined);
  if (profile?.mfaSerial === undefined) return undefined;
  return { serial: profile.mfaSerial, reason: reasonOf(profile, "mfaSerial") };
}

/** What the user should know of the devices that a chain names and no code is asked for. */
export function mfaNotices(chain: Chain, used: MfaChoice | undefined): readonly string[] {
  const named = chain.roles.filter(({ profile }) =>
    profile.mfaSerial !== undefined && profile.mfaSerial !== used?.serial
  );
  return named.map(({ profile }) => {
    const why = used === undefined
      ? `the base credentials of profile "${chain.baseProfile.name}" are temporary already`
      : `one code is asked for, of ${used.serial}`;
    return `MFA device ${profile.mfaSerial} of profile "${profile.name}" is not used: ${why}`;
  });
}
