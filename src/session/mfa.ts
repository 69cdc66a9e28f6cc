/**
 * Where MFA codes come from: a code that was given, or a function that is asked when one is needed.
 *
 * @module
 */

import { MfaError, UsageError } from "../errors.ts";

/** Asked for the code of a device, at the moment when it is needed. */
export type MfaCodeFunction = (
  serial: string,
  options: { readonly signal: AbortSignal },
) => string | Promise<string>;

/** A code of six digits, or a function that gets one. */
export type MfaCodeOption = string | MfaCodeFunction;

/** Gives the code of a device. */
export type MfaSource = (serial: string, signal: AbortSignal) => Promise<string>;

const wanted = "wanted 6 digits";

/**
 * The code as it may be sent: exactly six digits. What was found is told by its length alone, since it may be half of
 * a secret.
 *
 * @throws {UsageError} when it is anything else
 */
export function checkMfaCode(code: string): string {
  if (/^\d{6}$/.test(code)) return code;
  const found = /^\d*$/.test(code) ? `${code.length} digits` : `${code.length} characters`;
  throw new UsageError(`Cannot use the MFA code: found ${found}, ${wanted}`, {
    hint: "give the six digits that the device shows now",
  });
}

/** Makes a source of the option. Two devices are never asked for at the same time. */
export function createMfaSource(option: MfaCodeOption | undefined): MfaSource {
  if (option === undefined) return (serial) => Promise.reject(nobodyToAsk(serial));
  if (typeof option === "string") return codeGiven(option);
  let earlier: Promise<unknown> = Promise.resolve();
  return (serial, signal) => {
    const asked = earlier.then(async () => {
      signal.throwIfAborted();
      return checkMfaCode(await option(serial, { signal }));
    });
    earlier = asked.catch(() => {});
    return asked;
  };
}

/** A code that was given serves once and one device: AWS accepts no code twice. */
function codeGiven(code: string): MfaSource {
  let usedFor: string | undefined;
  return (serial) => {
    if (usedFor !== undefined) {
      return Promise.reject(
        new MfaError(
          `Cannot get an MFA code for "${serial}": the code that was given has been used for "${usedFor}"`,
          { hint: "AWS accepts each code once; give a function as mfaCode, or run in a terminal" },
        ),
      );
    }
    usedFor = serial;
    return Promise.resolve(checkMfaCode(code));
  };
}

function nobodyToAsk(serial: string): MfaError {
  return new MfaError(`An MFA code is needed for "${serial}": none was given`, {
    hint: "give mfaCode, or --mfa-code on the command line",
  });
}
