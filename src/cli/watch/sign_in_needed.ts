/**
 * When a set needs a sign-in that only a person can make, and the question for it.
 *
 * @module
 */

import { InterruptedError, SignInNeededError } from "../../errors.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Invocation } from "../command.ts";
import { keyEvents } from "../prompt/keys.ts";

/** Why the set was halted. */
const haltReason = "a sign-in is needed";

/**
 * Halts the set as soon as credentials of it have expired for want of a sign-in. Until then each retry takes a sign-in
 * that a person has made meanwhile.
 */
export function haltWhenSignInIsNeeded(set: CredentialSet, signal: AbortSignal): void {
  set.addEventListener("error", ({ error }) => {
    if (error instanceof SignInNeededError) set.halt(haltReason).catch(() => {});
  }, { signal });
}

/** Whether that is why the set was halted. */
export function signInWasNeeded(set: CredentialSet): boolean {
  return set.haltReason === haltReason;
}

/**
 * Tells what has ended, and waits until a person has signed in and presses Enter.
 *
 * @throws {SignInNeededError} the given one, when there is no terminal or its input ends
 * @throws {InterruptedError} at ctrl+c
 */
export async function waitForSignIn(
  { signal, system: { clock, terminal } }: Invocation,
  needed: SignInNeededError,
): Promise<void> {
  const place = terminal.canAsk ? terminal : await terminal.controlling?.() ?? "no terminal";
  if (typeof place === "string") throw needed;
  const { message, hint } = needed;
  place.err(`${message}\n${hint === undefined ? "" : `hint: ${hint}\n`}`);
  place.err("Sign in elsewhere, then press Enter here (ctrl+c ends): ");
  for await (const keys of keyEvents({ terminal: place, clock, signal }, () => undefined)) {
    const end = keys.find((key) => ["\r", "\n", "\r\n", "\x03", "\x04"].includes(key));
    if (end === undefined) continue;
    place.err("\n");
    if (end === "\x03") throw new InterruptedError("SIGINT");
    if (end === "\x04") break;
    return;
  }
  throw needed;
}
