/**
 * What another program prints on its standard output, within limits of time and size.
 *
 * @module
 */

import { abortable } from "./abortable.ts";
import { ProgramError } from "./errors.ts";
import type { Clock, CommandLine, ModuleSystem, PipedOptions, PipedProcess } from "./system.ts";

/** How a program may behave. */
export interface ProgramLimits {
  readonly seconds: number;
  readonly bytes: number;
}

/** The ports of running a program. */
export interface ProgramPorts extends Pick<ModuleSystem, "processes"> {
  readonly clock: Pick<Clock, "sleep">;
}

/** Why a program gave no output. The message never holds what it printed. */
export class ProgramFault extends Error {
  /** What kind of fault. */
  readonly kind: "start" | "exit" | "output" | "time";
  /** What a program printed that failed. It may hold a secret. */
  readonly output: Uint8Array;
  /** The exit code of a program that failed. */
  readonly status: number | undefined;

  /** The message goes on from the name of the program: `ended with exit code 2`. */
  constructor(
    kind: ProgramFault["kind"],
    message: string,
    { cause, output = new Uint8Array(), status }: {
      readonly cause?: unknown;
      readonly output?: Uint8Array;
      readonly status?: number;
    } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.output = output;
    this.status = status;
  }
}

/** Between SIGTERM and SIGKILL: a program that has changed the terminal can restore it. */
const graceMs = 1_000;

/**
 * Runs the program, and returns what it has printed. It inherits standard error, unless the options say otherwise. Whatever it has started and that holds
 * its output open is waited for, within the limits; beyond them it is ended.
 *
 * @throws {ProgramFault} when it cannot be started, fails, prints too much or takes too long
 */
export async function programOutput(
  ports: ProgramPorts,
  { words, env }: CommandLine,
  limits: ProgramLimits,
  signal: AbortSignal,
  options?: PipedOptions,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const child = start(() => ports.processes.startPiped(words, env, options));
  const limit = new AbortController();
  const over = new ProgramFault(
    "time",
    `took more than ${limits.seconds} seconds, or left something running that holds its output open`,
  );
  const ended = new AbortController();
  ports.clock.sleep(limits.seconds * 1_000, { signal: ended.signal })
    .then(() => limit.abort(over), () => {});
  try {
    const both = AbortSignal.any([signal, limit.signal]);
    return await abortable(() => readAll(child, limits.bytes), both);
  } catch (error) {
    end(child, ports.clock);
    throw error;
  } finally {
    ended.abort();
  }
}

async function readAll(child: PipedProcess, mostBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of child.stdout) {
    parts.push(part);
    length += part.length;
    if (length > mostBytes) {
      throw new ProgramFault("output", `printed more than ${mostBytes.toLocaleString("en")} bytes`);
    }
  }
  const status = await child.exit.catch((error) => fail(error));
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  if (status === 0) return whole;
  const why = `ended with exit code ${status}${byHow(status)}`;
  throw new ProgramFault("exit", why, { output: whole, status });
}

/** Shells give 128 plus the number of the signal that ended a program, and a program can exit with it too. */
function byHow(status: number): string {
  const names: Readonly<Record<number, string>> = { 129: "SIGHUP", 130: "SIGINT", 143: "SIGTERM" };
  if (status <= 128 || status > 192) return "";
  const name = names[status] ?? (status === 137 ? "SIGKILL" : `signal ${status - 128}`);
  return `, as if ended by ${name}`;
}

function start(run: () => PipedProcess): PipedProcess {
  try {
    return run();
  } catch (error) {
    return fail(error);
  }
}

/** `Cannot run "x": there is no such program` → `cannot be run: there is no such program`. */
function fail(error: unknown): never {
  if (!(error instanceof ProgramError)) throw error;
  const why = error.message.slice(error.message.lastIndexOf('": ') + 3);
  throw new ProgramFault("start", `cannot be run: ${why}`, { cause: error });
}

function end(child: PipedProcess, clock: Pick<Clock, "sleep">): void {
  child.kill("SIGTERM");
  const ended = new AbortController();
  child.exit.catch(() => {}).finally(() => ended.abort());
  clock.sleep(graceMs, { signal: ended.signal, keepAlive: false })
    .then(() => child.kill("SIGKILL"), () => {});
}
