/**
 * Another program that runs in place of this one: with a profile's credentials, with the signals that are meant for it,
 * and with its exit status as ours.
 *
 * @module
 */

import { credentialVariables } from "../../../output/variables.ts";
import type { ForwardedSignal, System } from "../../../system.ts";
import { mfaCodeVariable } from "../../permissions/needs.ts";
import type { ProfileCredentials } from "./profile_credentials.ts";

/** Names the profile whose credentials a program was given; set for the program. */
export const nestingVariable = "STSAVAL_PROFILE";

/**
 * What else leads AWS's tools and SDKs to credentials, some of it before the variables that are set; and an MFA code,
 * which AWS accepts only once.
 */
const removedVariables = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_FILE",
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_SESSION_EXPIRATION",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  mfaCodeVariable,
] as const;

/** How the program's environment differs from ours; what is undefined is taken away. */
export function childVariables(
  { name, credentials, region }: ProfileCredentials,
): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(removedVariables.map((variable) => [variable, undefined])),
    ...credentialVariables(credentials, region),
    [nestingVariable]: name,
  };
}

/**
 * Runs the program to its end and gives its exit status: its own exit code, or 128 and the number of the signal that
 * ended it. Nothing ends the wait but the program: a signal is for it to act on.
 *
 * @throws {ProgramError} when it does not exist or cannot be executed
 */
export async function runChild(
  { processes, signals, terminal }: Pick<System, "processes" | "signals" | "terminal">,
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const hasTerminal = terminal.canAsk || terminal.outIsTerminal || terminal.errIsTerminal;
  // From before the start, so that none is lost; handlers run no sooner than the program does.
  using _forwarding = signals.onForwarded((signal) => {
    if (!hasTerminal || !terminalSignals.includes(signal)) child.kill(signal);
  });
  const child = processes.start(words, variables);
  return await child.exit;
}

/** What the keys ctrl+c and ctrl+\ send: a terminal sends it to the program too, and twice would be once too often. */
const terminalSignals: readonly ForwardedSignal[] = ["SIGINT", "SIGQUIT"];
