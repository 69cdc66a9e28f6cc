/**
 * MFA codes printed by another program.
 *
 * @module
 */

import { MfaError, ProgramError } from "../../errors.ts";
import { describeMalformedCode, isMfaCode, withoutBlanks } from "../../session/mfa.ts";
import type { Clock, PipedProcess, Processes } from "../../system.ts";
import { splitWords } from "../parse/split_words.ts";

/** A program that prints MFA codes. */
export interface MfaCommand {
  /** The program and its arguments. They may hold a secret. */
  readonly words: readonly string[];
  /** The option or setting that names it, such as `--mfa-command`, for messages. */
  readonly origin: string;
}

/** The ports needed to run it. */
export interface MfaCommandPorts {
  readonly clock: Pick<Clock, "sleep">;
  readonly processes: Pick<Processes, "startPiped">;
}

const timeoutSeconds = 30;
/** Cap on output: a real MFA command prints a few bytes. */
const maxCharacters = 1_000;

/**
 * Parses a command line into words.
 *
 * @throws {UsageError} when it is empty, a quote is left open, or it needs a shell
 */
export function parseMfaCommand(text: string, origin: string): MfaCommand {
  return { words: splitWords(text, origin), origin };
}

/**
 * Runs the command for a code of the device. It is killed after 30 seconds, or when the signal aborts. Its standard
 * output is never shown; its standard error goes to the user unchanged.
 *
 * @throws {MfaError} when it cannot be started, fails, takes too long, or prints anything but six digits
 */
export async function runMfaCommand(
  ports: MfaCommandPorts,
  command: MfaCommand,
  serial: string,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const fail: Fail = (why, details) => {
    const message = `Cannot get an MFA code for "${serial}" from ${command.origin}: ${why}`;
    return new MfaError(message, { hint, ...details });
  };
  const child = start(ports, command, fail);
  const program = `"${command.words[0]}"`;
  const tooSlow = fail(`${program} took more than ${timeoutSeconds} seconds`);
  const limit = createLimit(ports.clock, tooSlow);
  using _limit = limit;
  const { text, exit } = await readToEnd(child, AbortSignal.any([signal, limit.signal]))
    .catch((error) => failStart(error, fail));
  if (text.length > maxCharacters) throw fail(`the output of ${program} is too long`);
  if (exit !== 0) throw fail(`${program} ended with exit code ${exit}`);
  const code = withoutBlanks(text);
  if (isMfaCode(code)) return code;
  throw fail(`the output of ${program} is not a code, ${describeMalformedCode(text.trim())}`);
}

const hint = "run the command by itself: it must print six digits and nothing else";

type Fail = (why: string, details?: { readonly cause: unknown }) => MfaError;

function start({ processes }: MfaCommandPorts, { words }: MfaCommand, fail: Fail): PipedProcess {
  try {
    return processes.startPiped(words);
  } catch (error) {
    return failStart(error, fail);
  }
}

/** That it cannot be started may be known only when it is waited for. */
function failStart(error: unknown, fail: Fail): never {
  if (!(error instanceof ProgramError)) throw error;
  throw fail(error.message.replace(/^C/, "c"), { cause: error });
}

/** A signal that aborts at the timeout, unless it is disposed first. */
function createLimit(
  clock: Pick<Clock, "sleep">,
  reason: Error,
): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  const ended = new AbortController();
  clock.sleep(timeoutSeconds * 1_000, { signal: ended.signal })
    .then(() => over.abort(reason), () => {});
  return { signal: over.signal, [Symbol.dispose]: () => ended.abort() };
}

/** The child's output and exit code. It is killed when the signal aborts, or when it prints too much. */
async function readToEnd(
  child: PipedProcess,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly exit: number }> {
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  // Another process may hold the pipe open after the child has exited, so the read is cancelled too.
  const stop = () => {
    child.kill("SIGKILL");
    reader.cancel().catch(() => {});
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > maxCharacters) stop();
    }
    const exit = await child.exit;
    signal.throwIfAborted();
    return { text, exit };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
