/**
 * Where MFA codes come from: a code that was given, or a function that is asked when one is needed.
 *
 * @module
 */

import { MfaError, UsageError } from "../errors.ts";

/**
 * Asked for the code of a device, at the moment when it is needed; the signal aborts when it no longer is. `mfaProcess`
 * is the command that the profile names for the code, as it is written; nobody but this function may run it.
 */
export type MfaCodeFunction = (
  serial: string,
  options: { readonly signal: AbortSignal; readonly mfaProcess?: string | undefined },
) => string | Promise<string>;

/** A code of six digits, or a function that gets one. */
export type MfaCodeOption = string | MfaCodeFunction;

/** Gives the code of a device, to which `mfaProcess` is the profile's own way. */
export type MfaSource = (
  serial: string,
  signal: AbortSignal,
  mfaProcess?: string,
) => Promise<string>;

const wanted = "wanted 6 digits";

/**
 * The code as it may be sent: exactly six digits. What was found is told by its length alone, since it may be half of
 * a secret; `what` says where it comes from.
 *
 * @throws {UsageError} when it is anything else
 */
export function checkMfaCode(code: string, what = "the MFA code"): string {
  if (typeof code === "string" && isMfaCode(code)) return code;
  throw new UsageError(`Cannot use ${what}: ${describeMalformedCode(code)}`, {
    hint: "give the six digits that the device shows now",
  });
}

/** True for six digits. */
export function isMfaCode(text: string): boolean {
  return /^\d{6}$/.test(text);
}

/** `found 5 digits, wanted 6 digits`: the text itself is never told. */
export function describeMalformedCode(text: string): string {
  // A caller without a type checker may give anything.
  if (typeof text !== "string") return `found ${typeof text}, ${wanted}`;
  const found = /^\d*$/.test(text) ? "digits" : "characters";
  return `found ${text.length} ${found}, ${wanted}`;
}

/**
 * Makes a source of the option. Two devices are never asked for at the same time.
 *
 * @throws {UsageError} when the option is neither text nor a function
 */
export function createMfaSource(option: MfaCodeOption | undefined): MfaSource {
  if (option === undefined) return (serial) => Promise.reject(nobodyToAsk(serial));
  if (typeof option === "string") return codeGiven(option);
  if (typeof option !== "function") throw noCodeOption(option);
  let earlier: Promise<unknown> = Promise.resolve();
  return (serial, signal, mfaProcess) => {
    const asked = earlier.then(async () => {
      signal.throwIfAborted();
      return checkMfaCode(await option(serial, { signal, mfaProcess }));
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

/** A caller without a type checker may give anything; a number has lost the zeros that a code may begin with. */
function noCodeOption(option: unknown): UsageError {
  const found = option === null ? "null" : `a value of type ${typeof option}`;
  return new UsageError(
    `Cannot use mfaCode: found ${found}, wanted text of 6 digits or a function that gives it`,
    { hint: 'write the code in quotes, such as "012345"' },
  );
}

function nobodyToAsk(serial: string): MfaError {
  return new MfaError(`An MFA code is needed for "${serial}": none was given`, {
    hint: "give mfaCode, or --mfa-code on the command line",
  });
}
