/**
 * The set that follows another one: with the next code, or with a session token that a login has made meanwhile.
 *
 * @module
 */

import { sessionSeconds } from "../../config/limits.ts";
import { MfaError, SignInNeededError, StsavalError, StsError } from "../../errors.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { StsCore } from "../../session/core.ts";
import { NoCodeError } from "../../session/mfa.ts";
import type { Invocation } from "../command.ts";
import { openCore } from "../context.ts";
import { nextMfaSource } from "../mfa/sources.ts";
import { waitForSignIn } from "./sign_in_needed.ts";

/** How long a session token is asked for where no lifetime is given. */
export const defaultLifetime = "8h";

/** What is watched. */
export interface Watched {
  readonly core: StsCore;
  readonly set: CredentialSet;
}

/** How the next set is made: for these profiles, until that time. */
export interface NextSet {
  readonly names: readonly string[];
  /** Milliseconds since 1970; Infinity for as long as it lives. */
  readonly end: number;
}

/** A set that was made with a new code; where there is none, the one that there was, which is renewed meanwhile. */
export async function withNewCode(
  invocation: Invocation,
  last: Watched,
  next: NextSet,
): Promise<Watched> {
  const { logger, signal, system: { clock } } = invocation;
  const core = await openCore(invocation);
  try {
    const set = await core.generateCredentials(next.names, {
      ...{ lifetime: lifetimeUntil(next.end, clock.now()), defaultLifetime },
      ...{ mfaCode: nextMfaSource(invocation), renew: true, signal },
    });
    await last.core[Symbol.asyncDispose]();
    return { core, set };
  } catch (error) {
    await core[Symbol.asyncDispose]();
    if (signal.aborted || !(error instanceof StsavalError) || error.code === "INTERRUPTED") {
      throw error;
    }
    logger.warn(`watch: the credentials stay as they were: ${error.message}`);
    return last;
  }
}

function lifetimeUntil(end: number, now: number): string | undefined {
  if (end === Infinity) return undefined;
  return `${Math.max(sessionSeconds.min, Math.round((end - now) / 1_000))}s`;
}

/**
 * The next set, with a code from a command or the terminal, or with a session token that a login has made meanwhile.
 *
 * @throws {MfaError} when neither can be had
 * @throws {SignInNeededError} when a sign-in is needed, and there is no terminal to ask on
 */
export async function nextSet(
  invocation: Invocation,
  core: StsCore,
  last: CredentialSet,
  { names, end }: NextSet,
): Promise<CredentialSet> {
  const { signal, system: { clock } } = invocation;
  try {
    return await core.generateCredentials(names, {
      lifetime: lifetimeUntil(end, clock.now()),
      defaultLifetime,
      mfaCode: nextMfaSource(invocation),
      // A session token that STS rejects is still in the cache.
      renew: last.status().some(({ lastError }) => lastError instanceof StsError),
      signal,
    });
  } catch (error) {
    if (error instanceof SignInNeededError) {
      await waitForSignIn(invocation, error);
      return await nextSet(invocation, core, last, { names, end });
    }
    if (!(error instanceof NoCodeError)) throw error;
    throw new MfaError(`Cannot renew the credentials any longer: ${lowerFirst(error.message)}`, {
      hint: "run 'stsaval login', then watch again; with --mfa-command it goes on by itself",
      cause: error,
    });
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
