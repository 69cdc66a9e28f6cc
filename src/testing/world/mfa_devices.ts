/**
 * The MFA devices of an emulator: each code works once, as with AWS.
 *
 * @module
 */

import { accessDenied } from "../http/error.ts";
import { codeOfStep, decodeBase32, totpStep } from "../signing/totp.ts";
import type { EmulatorUser } from "./account_state.ts";

/** The MFA parameters of a call; AWS requires both or none. */
export interface MfaInput {
  /** The device's ARN. */
  readonly serial?: string | undefined;
  /** Its six-digit code. */
  readonly code?: string | undefined;
}

interface Device {
  readonly secret: Uint8Array;
  /** The time steps whose codes were used. */
  readonly used: Set<number>;
}

/** AWS also accepts the codes of the previous and the next time step, since clocks drift. */
const DRIFT = [0, -1, 1];

const PASS_CODE_REFUSED = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const DEVICE_REFUSED = "MultiFactorAuthentication failed, unable to validate MFA code.  " +
  "Please verify your MFA serial number is valid and associated with this user.";
const HALF =
  "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";

/** Verifies codes and generates them. */
export class MfaDevices {
  readonly #devices = new Map<string, Device>();

  /** The devices of the users. */
  constructor(users: readonly EmulatorUser[]) {
    for (const { mfa } of users) {
      if (mfa === undefined) continue;
      this.#devices.set(mfa.serial, { secret: decodeBase32(mfa.secret), used: new Set() });
    }
  }

  /**
   * The device's code at a given time.
   *
   * @throws {TypeError} if there is no such device
   */
  codeOf(serial: string, now: number): string {
    const device = this.#devices.get(serial);
    if (device === undefined) {
      const known = [...this.#devices.keys()].map((each) => `"${each}"`).join(", ") || "none";
      throw new TypeError(
        `Cannot generate an MFA code for "${serial}": the known devices are ${known}`,
      );
    }
    return codeOfStep(device.secret, totpStep(now));
  }

  /**
   * True if the code is valid for the user's device, false if no code was given. The code is used up.
   *
   * @throws {EmulatorError} AccessDenied
   */
  verify(user: EmulatorUser | undefined, { serial, code }: MfaInput, now: number): boolean {
    if (serial === undefined && code === undefined) return false;
    if (serial === undefined || code === undefined) throw accessDenied(HALF);
    const device = this.#devices.get(serial);
    if (device === undefined || user?.mfa?.serial !== serial) throw accessDenied(DEVICE_REFUSED);
    const step = DRIFT.map((drift) => totpStep(now) + drift)
      .find((step) => !device.used.has(step) && codeOfStep(device.secret, step) === code);
    if (step === undefined) throw codeRejected();
    device.used.add(step);
    return true;
  }
}

/** AccessDenied for a code that is wrong or was already used. */
export function codeRejected(): Error {
  return accessDenied(PASS_CODE_REFUSED);
}
