/**
 * The command line: arguments in, exit status out. Only here do errors become a message, a hint and a status.
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

/** Runs one command line and returns its exit status. */
export async function main(
  words: readonly string[],
  system: ProgramSystem = denoSystem,
): Promise<number> {
  const controller = new AbortController();
  using _signals = system.signals.onTermination((signal) =>
    controller.abort(new InterruptedError(signal))
  );
  try {
    return await withGracePeriod(dispatch(words, system, controller.signal), words, {
      clock: system.clock,
      signal: controller.signal,
    });
  } catch (error) {
    // If interrupted, report the interrupt, not the error that it caused.
    return report(controller.signal.aborted ? controller.signal.reason : error, words, system);
  }
}

/** How long an interrupted command may take to clean up. */
const graceMs = 3_000;

/**
 * The command's result, or the interrupt when the grace period has passed: opening a named pipe, for example, blocks
 * where no signal can abort it. A command that forwards signals to a child program waits for that program.
 */
async function withGracePeriod(
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
  // Loaded with the command, so that `--version` does not wait for it.
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

/** Reports an error on standard error. No stack trace: an error that is not ours is a bug in stsaval. */
function report(error: unknown, words: readonly string[], { terminal }: System): number {
  const known = error instanceof StsavalError ? error : unexpected(error);
  if (ownArguments(words).includes("--json")) {
    const { code, message, hint } = known;
    terminal.err(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  } else {
    terminal.err(`stsaval: ${visibleLines(known.message)}\n`);
    if (known.hint !== undefined) terminal.err(`hint: ${visibleLines(known.hint)}\n`);
  }
  return errorTable[known.code].exit;
}

/** The arguments of stsaval itself, without those of the program after `--`. */
function ownArguments(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

function unexpected(error: unknown): StsavalError {
  const message = error instanceof Error ? error.message : String(error);
  return new StsavalError("FAILED", `Internal error: ${message}`, {
    hint: "this is a bug in stsaval; please report it, with the command and this message",
  });
}
