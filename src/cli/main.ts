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
import type { Command } from "./command.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import { commands } from "./commands.ts";
import { describeVersion } from "./help/version.ts";
import { createCliLogger } from "./log.ts";
import { delegateTerminal } from "./prompt/delegate_terminal.ts";
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
    const reason = controller.signal.aborted ? controller.signal.reason : error;
    return report(await withHint(reason, words, system), words, system);
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
      if (await leavesSignals(words)) return;
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

async function leavesSignals(words: readonly string[]): Promise<boolean> {
  const resolved = await commands.resolve(words).catch(() => undefined);
  return resolved?.command?.leavesSignals === true;
}

async function dispatch(
  words: readonly string[],
  system: ProgramSystem,
  signal: AbortSignal,
): Promise<number> {
  const [first, ...rest] = words;
  if (first === "--version" || first === "-V") return print(system, describeVersion(rest));
  if (first === undefined || first === "--help" || first === "-h") {
    return await dispatch(["help", ...rest], system, signal);
  }
  const { command, parsed } = await read(words);
  if (command === undefined) return await dispatch(["help", first], system, signal);
  if (parsed.flag("help")) {
    return await dispatch(["help", ...command.name.split(" ")], system, signal);
  }
  const logger = createLogger(parsed, system);
  // Loaded with the command, so that `--version` does not wait for it.
  const { narrow } = await import("./permissions/sandbox.ts");
  const narrowed = await narrow(command, parsed, asked(system, parsed));
  await using _narrowed = narrowed;
  return await command.run({
    ...{ command, commands, logger, signal },
    arguments: parsed,
    system: narrowed,
  });
}

/** The command and its arguments; without a command it is a group of them. */
async function read(
  words: readonly string[],
): Promise<{ readonly command: Command | undefined; readonly parsed: ParsedArguments }> {
  const [first = ""] = words;
  if (first.startsWith("-")) {
    throw new UsageError(`Unknown option "${first}": a command comes first`, {
      hint: "see 'stsaval help'",
    });
  }
  const { name, command, rest } = await commands.resolve(words);
  const parsed = parseArguments(command ?? { name, options: [] }, rest);
  return { command, parsed };
}

/** With `--no-input` nobody is asked, as where there is no terminal. */
function asked(system: ProgramSystem, parsed: ParsedArguments): ProgramSystem {
  if (!parsed.isNegated("input")) return system;
  return { ...system, terminal: delegateTerminal(system.terminal, { canAsk: false }) };
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

/** The error; for a line that was typed wrong, with the line to type. */
async function withHint(
  error: unknown,
  words: readonly string[],
  system: System,
): Promise<unknown> {
  if (!(error instanceof UsageError)) return error;
  const { withLineToType } = await import("./hints/line_to_type.ts");
  return await withLineToType(error, words, { commands, system });
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
