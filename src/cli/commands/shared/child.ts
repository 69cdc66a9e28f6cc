/**
 * Runs a child program with a profile's credentials, forwards its signals, and returns its exit status.
 *
 * @module
 */

import { credentialVariables } from "../../../output/variables.ts";
import type { ForwardedSignal, System } from "../../../system.ts";
import { mfaCodeVariable } from "../../permissions/needs.ts";
import type { ProfileCredentials } from "./profile_credentials.ts";

/** The variable that tells a child program which profile its credentials belong to. */
export const nestingVariable = "STSAVAL_PROFILE";

/**
 * Variables that lead AWS's tools and SDKs to other credentials, some with precedence over those that are set; and an MFA
 * code, which AWS accepts only once.
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

/** How the program's environment differs from ours; undefined removes a variable. */
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
 * Runs the program to its end and returns its exit status: its own exit code, or 128 plus the number of the signal that
 * ended it. Only the program ends the wait: signals are for it to handle.
 *
 * @throws {ProgramError} when it does not exist or cannot be executed
 */
export async function runChild(
  { processes, signals, terminal }: Pick<System, "processes" | "signals" | "terminal">,
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const hasTerminal = terminal.canAsk || terminal.outIsTerminal || terminal.errIsTerminal;
  // Installed before the start, so that no signal is lost; handlers cannot run before the program has started.
  using _forwarding = signals.onForwarded((signal) => {
    if (!hasTerminal || !terminalSignals.includes(signal)) child.kill(signal);
  });
  const child = processes.start(words, variables);
  return await child.exit;
}

/** What ctrl+c and ctrl+\ send: a terminal sends these to the program too, so forwarding would deliver them twice. */
const terminalSignals: readonly ForwardedSignal[] = ["SIGINT", "SIGQUIT"];
