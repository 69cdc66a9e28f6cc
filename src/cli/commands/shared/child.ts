/**
 * Runs a child program with a profile's credentials, forwards its signals, and returns its exit status.
 *
 * @module
 */

import { credentialNames, misleadingVariables } from "../../../output/variable_names.ts";
import { credentialVariables } from "../../../output/variables.ts";
import type { Logger } from "../../../logger.ts";
import type {
  ChildProcess,
  ForegroundProcess,
  ForwardedSignal,
  Signals,
  System,
  Terminal,
} from "../../../system.ts";
import { mfaCodeVariable } from "../../mfa/code_variable.ts";
import type { ProfileCredentials } from "./profile_credentials.ts";

/** The variable that tells a child program which profile its credentials belong to. */
export const nestingVariable = "STSAVAL_PROFILE";

/** What the program must not inherit: an MFA code is accepted only once. */
const removedVariables = [...misleadingVariables, ...credentialNames, mfaCodeVariable];

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

/** The ports that running a program needs. */
export interface ChildPorts extends Pick<System, "processes" | "signals" | "terminal"> {
  readonly logger: Logger;
}

/**
 * Runs the program to its end and returns its exit status: its own exit code, or 128 plus the number of the signal that
 * ended it. Only the program ends the wait: signals are for it to handle. When it is stopped, stsaval stops too, so that
 * the shell shows its prompt, and when stsaval is continued, it continues the program.
 *
 * @throws {ProgramError} when it does not exist or cannot be executed
 */
export async function runChild(
  ports: ChildPorts,
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { processes, signals } = ports;
  const ended = new AbortController();
  // Installed before the start, so that no signal is lost; handlers cannot run before the program has started.
  using _forwarding = signals.onForwarded((signal) => {
    if (!isDeliveredAnyway(ports.terminal, signal)) forward(signal, child, words, ports);
  });
  const child = processes.start(words, variables);
  stopWith(child, signals, ended.signal).catch(() => {});
  try {
    return await child.exit;
  } finally {
    ended.abort();
  }
}

/** Stops whenever the program is stopped. Rejects if that cannot be detected or no signal may be sent. */
async function stopWith(
  child: ForegroundProcess,
  signals: Pick<Signals, "stopSelf">,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await child.stopped(ended);
    await signals.stopSelf();
    child.kill("SIGCONT");
  }
}

function forward(
  signal: ForwardedSignal,
  child: ChildProcess,
  [program]: readonly string[],
  { logger }: Pick<ChildPorts, "logger">,
): void {
  if (child.kill(signal)) return;
  logger.warn(
    `exec: cannot forward ${signal} to "${program}": it runs as another user, and continues`,
  );
}

/**
 * What ctrl+c and ctrl+\ send, and what a shell sends to continue a job: the program receives these too, so forwarding
 * would deliver them twice.
 */
const terminalSignals: readonly ForwardedSignal[] = ["SIGINT", "SIGQUIT", "SIGCONT"];

function isDeliveredAnyway(terminal: Terminal, signal: ForwardedSignal): boolean {
  const hasTerminal = terminal.canAsk || terminal.outIsTerminal || terminal.errIsTerminal;
  return hasTerminal && terminalSignals.includes(signal);
}
