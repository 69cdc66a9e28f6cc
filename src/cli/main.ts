/**
 * The command line: arguments in, exit status out. Only here do errors become a message, a hint and a status.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { denoSystem } from "../deno/system.ts";
import { exitStatusOf, OutputClosedError, StsavalError, UsageError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { painterFor } from "../output/style.ts";
import { visibleLines } from "../output/table.ts";
import type { ProgramSystem, System } from "../system.ts";
import { version } from "../version.ts";
import type { Command } from "./command.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import { commands } from "./commands.ts";
import { Ending } from "./ending.ts";
import { LiveArea } from "./progress/live_area.ts";
import { ProgressTracker } from "./progress/tracker.ts";
import { describeVersion } from "./help/version.ts";
import { createCliLogger } from "./log.ts";
import { delegateTerminal } from "./prompt/delegate_terminal.ts";
import { parseArguments } from "./parse/parse.ts";

/** Runs one command line and returns its exit status, once all its output is written. */
export async function main(
  words: readonly string[],
  given: ProgramSystem = denoSystem,
): Promise<number> {
  const live = new LiveArea(given.terminal);
  const system = { ...given, terminal: live.terminal };
  const ending = new Ending(system);
  using _ending = ending;
  try {
    return await ending.waitFor(dispatch(words, { system, ending, live }));
  } catch (error) {
    live.clear();
    // If interrupted, report the interrupt, not the error that it caused.
    const reason = ending.signal.aborted ? ending.signal.reason : error;
    const status = report(await withHint(reason, words, system), words, system);
    await printFailure(words, status, system);
    await ending.flushReport();
    return status;
  }
}

/** What a command line runs in. */
interface Surroundings {
  readonly system: ProgramSystem;
  readonly ending: Ending;
  readonly live: LiveArea;
}

async function dispatch(words: readonly string[], around: Surroundings): Promise<number> {
  const { system, ending, live } = around;
  const [first, ...rest] = words;
  if (first === "--version" || first === "-V") return print(system, describeVersion(rest));
  if (first === undefined || first === "--help" || first === "-h") {
    return await dispatch(["help", ...rest], around);
  }
  const { command, parsed } = await read(words);
  if (command === undefined) return await dispatch(["help", first], around);
  if (parsed.flag("help")) {
    return await dispatch(["help", ...command.name.split(" ")], around);
  }
  const logger = createLogger(parsed, system);
  // Loaded with the command, so that `--version` does not wait for it.
  const { narrow } = await import("./permissions/narrow.ts");
  const { signal } = ending;
  const narrowed = await untilAborted(narrow(command, parsed, asked(system, parsed)), signal);
  await using _narrowed = narrowed;
  const tracker = new ProgressTracker({ area: live, clock: system.clock });
  using _tracker = tracker;
  return await command.run({
    ...{ command, commands, logger, signal, live },
    onProgress: showsProgress(parsed, system) ? tracker.update : undefined,
    arguments: parsed,
    system: live.around(narrowed),
    delegateSignals: () => ending.delegateSignals(),
  });
}

/** For people alone: a line that is drawn over itself needs a terminal that can. */
function showsProgress(parsed: ParsedArguments, { env, terminal }: System): boolean {
  if (parsed.flag("json") || parsed.flag("quiet")) return false;
  return terminal.errIsTerminal && env.get("TERM") !== "dumb";
}

/** The result of the work; if the signal aborts first, the result is disposed as soon as there is one. */
async function untilAborted<T extends AsyncDisposable>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await abortable(() => work, signal);
  } catch (error) {
    work.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
    throw error;
  }
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

/** With `--no-input` there is no prompt, as without a terminal. */
function asked(system: ProgramSystem, parsed: ParsedArguments): ProgramSystem {
  if (!parsed.isNegated("input")) return system;
  const controlling = () => Promise.resolve("--no-input was given");
  return { ...system, terminal: delegateTerminal(system.terminal, { canAsk: false, controlling }) };
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
    paint: painterFor(system, "err"),
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
function report(error: unknown, words: readonly string[], system: System): number {
  const { terminal } = system;
  const known = error instanceof StsavalError ? error : unexpected(error);
  // As for any program in a pipe: not an error, so no message.
  if (known instanceof OutputClosedError) return exitStatusOf(known);
  if (ownArguments(words).includes("--json")) {
    const { code, message, hint } = known;
    terminal.err(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  } else {
    const paint = painterFor(system, "err");
    terminal.err(`${paint("error", "stsaval:")} ${visibleLines(known.message)}\n`);
    const { hint } = known;
    if (hint !== undefined) terminal.err(`${paint("accent", "hint:")} ${visibleLines(hint)}\n`);
  }
  return exitStatusOf(known);
}

/** Makes the shell fail that evaluates the output. */
async function printFailure(
  words: readonly string[],
  status: number,
  { terminal }: System,
): Promise<void> {
  const { failureOutput } = await import("./failure_output.ts");
  const text = await failureOutput(words, status, commands);
  if (text === undefined) return;
  try {
    terminal.out(text);
  } catch {
    // That standard output cannot be written was reported, if it is not the reason itself.
  }
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
