/**
 * The command line: words in, exit status out. Errors become a message, a hint and a status here and nowhere else.
 *
 * @module
 */

import { denoSystem } from "../deno/system.ts";
import { errorTable, InterruptedError, StsavalError, UsageError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { visibleLines } from "../output/table.ts";
import type { Clock, ProgramSystem, System } from "../system.ts";
import { version } from "../version.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import { commands, commandTable } from "./commands.ts";
import { describeVersion } from "./help/version.ts";
import { createCliLogger } from "./log.ts";
import { parseArguments } from "./parse/parse.ts";

/** Runs one command line and gives its exit status. */
export async function main(
  words: readonly string[],
  system: ProgramSystem = denoSystem,
): Promise<number> {
  const controller = new AbortController();
  using _signals = system.signals.onTermination((signal) =>
    controller.abort(new InterruptedError(signal))
  );
  try {
    return await untilOverdue(dispatch(words, system, controller.signal), words, {
      clock: system.clock,
      signal: controller.signal,
    });
  } catch (error) {
    // Whatever an interrupt breaks off on the way, the interrupt is the reason.
    return report(controller.signal.aborted ? controller.signal.reason : error, words, system);
  }
}

/** How long a command that was interrupted may put things in order. */
const graceMs = 3_000;

/**
 * What the command comes to. Once the signal has aborted it has some seconds left: a file that is a pipe, say, is waited
 * for in a place that no signal reaches. A command that passes signals on to another program waits for that program.
 */
async function untilOverdue(
  running: Promise<number>,
  words: readonly string[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number> {
  const done = new AbortController();
  const overdue = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", async () => {
      if (await leavesSignals(words[0])) return;
      await clock.sleep(graceMs, { signal: done.signal }).then(
        () => reject(signal.reason),
        () => {},
      );
    }, { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([running, overdue]);
  } finally {
    done.abort();
  }
}

async function leavesSignals(name: string | undefined): Promise<boolean> {
  if (name === undefined || !Object.hasOwn(commandTable, name)) return false;
  return (await commands.find(name)).leavesSignals === true;
}

async function dispatch(
  words: readonly string[],
  system: ProgramSystem,
  signal: AbortSignal,
): Promise<number> {
  const [name, ...rest] = words;
  if (name === "--version" || name === "-V") return print(system, describeVersion(rest));
  if (name === undefined || name === "--help" || name === "-h") {
    return await dispatch(["help", ...rest], system, signal);
  }
  if (name.startsWith("-")) {
    throw new UsageError(`Unknown option "${name}": a command comes first`, {
      hint: "see 'stsaval help'",
    });
  }
  const command = await commands.find(name);
  const parsed = parseArguments(command, rest);
  if (parsed.flag("help")) return await dispatch(["help", name], system, signal);
  const logger = createLogger(parsed, system);
  // Loaded with the command: whoever asks for the version need not wait for it.
  const { narrow } = await import("./permissions/sandbox.ts");
  const narrowed = await narrow(command, parsed, system);
  return await command.run({ arguments: parsed, commands, system: narrowed, logger, signal });
}

function createLogger(parsed: ParsedArguments, system: System): Logger {
  const format = parsed.text("log-format") ?? "text";
  if (format !== "text" && format !== "json") {
    throw new UsageError(`Cannot use "${format}" for --log-format: wanted text or json`);
  }
  return createCliLogger((text) => system.terminal.err(text), {
    level: parsed.flag("quiet") ? "quiet" : parsed.flag("verbose") ? "verbose" : "normal",
    format,
    now: () => system.clock.now(),
    version,
  });
}

function print(system: System, text: string): number {
  system.terminal.out(text);
  return 0;
}

/** Says what went wrong on standard error. No stack trace: an error that is not ours is a fault of stsaval. */
function report(error: unknown, words: readonly string[], { terminal }: System): number {
  const known = error instanceof StsavalError ? error : unexpected(error);
  if (ownWords(words).includes("--json")) {
    const { code, message, hint } = known;
    terminal.err(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  } else {
    terminal.err(`stsaval: ${visibleLines(known.message)}\n`);
    if (known.hint !== undefined) terminal.err(`hint: ${visibleLines(known.hint)}\n`);
  }
  return errorTable[known.code].exit;
}

/** The words that are not those of another program. */
function ownWords(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

function unexpected(error: unknown): StsavalError {
  const message = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Unexpected fault: ${message}`, {
    hint: "this is a fault of stsaval; please report it, with the command and this message",
  });
}
