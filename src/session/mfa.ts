/**
 * Sources of MFA codes: a given code, or a function that is called when one is needed.
 *
 * @module
 */

import { MfaError, UsageError } from "../errors.ts";

/**
 * Called for the code of a device when it is needed; the signal aborts when it no longer is. `mfaProcess` is the
 * profile's command for the code, verbatim; only this function may run it.
 */
export type MfaCodeFunction = (
  serial: string,
  options: { readonly signal: AbortSignal; readonly mfaProcess?: string | undefined },
) => string | Promise<string>;

/** A code of six digits, or a function that gets one. */
export type MfaCodeOption = string | MfaCodeFunction;

/** Returns the code of a device; `mfaProcess` is the profile's command for it. */
export type MfaSource = (
  serial: string,
  signal: AbortSignal,
  mfaProcess?: string,
) => Promise<string>;

const wanted = "wanted 6 digits";

/**
 * Validates a code: exactly six digits. The error gives only its length, since the text may be part of a secret; `what`
 * names its source.
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

/** `found 5 digits, wanted 6 digits`: never shows the text itself. */
export function describeMalformedCode(text: string): string {
  // A caller without a type checker may pass anything.
  if (typeof text !== "string") return `found ${typeof text}, ${wanted}`;
  const found = /^\d*$/.test(text) ? "digits" : "characters";
  return `found ${text.length} ${found}, ${wanted}`;
}

/**
 * Creates a source from the option. Never prompts for two devices at the same time.
 *
 * @throws {UsageError} when the option is neither text nor a function
 */
export function createMfaSource(option: MfaCodeOption | undefined): MfaSource {
  if (option === undefined) return (serial) => Promise.reject(noCodeGiven(serial));
  if (typeof option === "string") return singleCode(option);
  if (typeof option !== "function") throw invalidCodeOption(option);
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

/** A given code serves one device, once: AWS accepts no code twice. */
function singleCode(code: string): MfaSource {
  let usedFor: string | undefined;
  return (serial) => {
    if (usedFor !== undefined) {
      return Promise.reject(
        new MfaError(
          `Cannot get an MFA code for "${serial}": the given code was already used for "${usedFor}"`,
          { hint: "AWS accepts each code once; give a function as mfaCode, or run in a terminal" },
        ),
      );
    }
    usedFor = serial;
    return Promise.resolve(checkMfaCode(code));
  };
}

/** A caller without a type checker may pass anything; a number has lost the leading zeros of a code. */
function invalidCodeOption(option: unknown): UsageError {
  const found = option === null ? "null" : `a value of type ${typeof option}`;
  return new UsageError(
    `Cannot use mfaCode: found ${found}, wanted a string of 6 digits or a function that returns one`,
    { hint: 'write the code in quotes, such as "012345"' },
  );
}

function noCodeGiven(serial: string): MfaError {
  return new MfaError(`An MFA code is needed for "${serial}": none was given`, {
    hint: "give mfaCode, or --mfa-code on the command line",
  });
}
