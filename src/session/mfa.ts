/**
 * Sources of MFA codes: a given code, or a function that is called when one is needed.
 *
 * @module
 */

import { MfaError, type StsError, UsageError } from "../errors.ts";

/** What a {@linkcode MfaCodeFunction} is told. */
export interface MfaCodeOptions {
  /** Aborts when the code is no longer needed. */
  readonly signal: AbortSignal;
  /** The profile's command for the code, verbatim; only the function may run it. */
  readonly mfaProcess?: string | undefined;
  /** The user profile whose kept seed makes codes, where the profiles say so. */
  readonly mfaStore?: string | undefined;
  /** The requested profiles that wait for the code. */
  readonly profiles?: readonly string[] | undefined;
}

/** A code, and what follows if AWS refuses it. */
export interface TypedMfaCode {
  /** Six digits; blanks among them are ignored. */
  readonly code: string;
  /** Called if AWS refuses the code: another code to try, or undefined to let the call fail with that error. */
  readonly onRefused?: ((error: StsError) => Promise<TypedMfaCode | undefined>) | undefined;
}

/** Called for the code of a device when it is needed. A code alone is tried once. */
export type MfaCodeFunction = (
  serial: string,
  options: MfaCodeOptions,
) => string | TypedMfaCode | Promise<string | TypedMfaCode>;

/** A code of six digits, or a function that gets one. */
export type MfaCodeOption = string | MfaCodeFunction;

/** Returns the code of a device; `mfaProcess` is the profile's command for it, `mfaStore` the user whose seed is kept. */
export type MfaSource = (
  serial: string,
  signal: AbortSignal,
  mfaProcess?: string,
  mfaStore?: string,
) => Promise<TypedMfaCode>;

const wanted = "wanted 6 digits";

/** The code without the blanks at its ends and among its digits: apps show "123 456". */
export function withoutBlanks(code: string): string {
  return code.trim().replace(/[^\S\r\n]/g, "");
}

/**
 * Validates a code, and returns it without blanks: exactly six digits. The error gives only its length, since the text
 * may be part of a secret; `what` names its source.
 *
 * @throws {UsageError} when it is anything else
 */
export function checkMfaCode(code: string, what = "the MFA code"): string {
  const digits = typeof code === "string" ? withoutBlanks(code) : code;
  if (typeof digits === "string" && isMfaCode(digits)) return digits;
  throw new UsageError(`Cannot use ${what}: ${describeMalformedCode(digits)}`, {
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
 * Creates a source from the option. Never prompts for two devices at the same time. `profilesOf` gives the requested
 * profiles that wait for the code of a device.
 *
 * @throws {UsageError} when the option is neither text nor a function
 */
export function createMfaSource(
  option: MfaCodeOption | undefined,
  profilesOf?: (serial: string) => readonly string[],
): MfaSource {
  if (option === undefined) return (serial) => Promise.reject(noCodeGiven(serial));
  if (typeof option === "string") return singleCode(option);
  if (typeof option !== "function") throw invalidCodeOption(option);
  const inTurn = oneAfterTheOther();
  const checked = (answer: string | TypedMfaCode, signal: AbortSignal): TypedMfaCode => {
    if (typeof answer !== "object" || answer === null) return { code: checkMfaCode(answer) };
    const { code, onRefused } = answer;
    const again = (error: StsError) =>
      inTurn(signal, async () => {
        const next = await onRefused?.(error);
        return next && checked(next, signal);
      });
    return { code: checkMfaCode(code), onRefused: onRefused && again };
  };
  return (serial, signal, mfaProcess, mfaStore) =>
    inTurn(signal, async () => {
      const profiles = profilesOf?.(serial);
      return checked(await option(serial, { signal, mfaProcess, mfaStore, profiles }), signal);
    });
}

/** Runs each piece of work when those before it have ended. */
function oneAfterTheOther(): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  let earlier: Promise<unknown> = Promise.resolve();
  return (signal, work) => {
    const result = earlier.then(() => {
      signal.throwIfAborted();
      return work();
    });
    earlier = result.catch(() => {});
    return result;
  };
}

/** No code can be had, so that whatever needs none is done instead. */
export class NoCodeError extends MfaError {}

/** The same codes, a device's first after a check: where that rejects, none is asked for, and none is used up. */
export function checkedFirst(option: MfaCodeOption, check: () => Promise<void>): MfaCodeFunction {
  const source: MfaCodeFunction = typeof option === "string" ? singleCode(option) : option;
  return async (serial, options) => {
    await check();
    return await source(serial, options);
  };
}

/** A given code serves one device, once: AWS accepts no code twice. */
function singleCode(code: string): (serial: string) => Promise<TypedMfaCode> {
  let usedFor: string | undefined;
  return (serial) => {
    if (usedFor !== undefined) {
      return Promise.reject(
        new NoCodeError(
          `Cannot get an MFA code for "${serial}": the given code was already used for "${usedFor}"`,
          { hint: "AWS accepts each code once; give a function as mfaCode, or run in a terminal" },
        ),
      );
    }
    usedFor = serial;
    return Promise.resolve({ code: checkMfaCode(code) });
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

function noCodeGiven(serial: string): NoCodeError {
  return new NoCodeError(`An MFA code is needed for "${serial}": none was given`, {
    hint: "give mfaCode, or --mfa-code on the command line",
  });
}
