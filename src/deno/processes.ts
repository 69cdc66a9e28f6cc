/**
 * Other programs.
 *
 * @module
 */

import { ProgramError } from "../errors.ts";
import type { ChildProcess, ForegroundProcess, Processes } from "../system.ts";
import { env } from "./environment.ts";
import { ChildWatch, sendSignal } from "./child_state.ts";
import { ioError } from "./io_error.ts";
import { searchedFolders } from "./platform/paths.ts";

/** The port `Processes`. */
export const processes: Processes = {
  start([program = "", ...args], env) {
    const set = Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const]
    );
    const removed = Object.keys(env).filter((name) => env[name] === undefined);
    using _hidden = hideVariables(removed, program);
    const watch = new ChildWatch();
    try {
      return foregroundOf(spawn(program, { args, env: Object.fromEntries(set) }), watch);
    } catch (error) {
      watch[Symbol.dispose]();
      throw error;
    }
  },
  startPiped([program = "", ...args], env = {}, { input, mergesErrors = false } = {}) {
    const usual = Deno.stdin.isTerminal() ? "inherit" : "null";
    const child = spawn(program, {
      ...{ args, env, stdin: input === undefined ? usual : "piped", stdout: "piped" },
      stderr: mergesErrors ? "piped" : "inherit",
    });
    if (input !== undefined) void feed(child, input);
    return {
      ...childOf(child),
      stdout: mergesErrors ? merged(child.stdout, child.stderr) : child.stdout,
    };
  },
};

/** A program that ends before it has read all of it says so by its exit code. */
async function feed(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
}

/** What comes of all of them, as it comes. */
function merged(...streams: readonly ReadableStream<Uint8Array>[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      const copies = streams.map(async (stream) => {
        for await (const part of stream) controller.enqueue(part);
      });
      // Whoever reads no further has closed it.
      Promise.all(copies).then(() => controller.close()).catch(() => {});
    },
  });
}

/**
 * Takes variables out of our own environment until it is disposed. `Deno.Command` has no other way to keep one from a
 * child, unless this program may read the whole environment.
 */
function hideVariables(names: readonly string[], program: string): Disposable {
  const values = readVariables(names, program);
  for (const name of names) Deno.env.delete(name);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of values) {
        if (value !== undefined) Deno.env.set(name, value);
      }
    },
  };
}

/** All of them before one is taken out: whoever may not read one may not delete it either. */
function readVariables(
  names: readonly string[],
  program: string,
): readonly (readonly [name: string, value: string | undefined])[] {
  try {
    return names.map((name) => [name, Deno.env.get(name)] as const);
  } catch (error) {
    throw notExecutable(program, error);
  }
}

/** Starts a program. @throws {ProgramError} when it does not exist or cannot be executed */
export function spawn(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw notExecutable(program, error);
    return spawnByPath(program, options);
  }
}

/**
 * `Deno.Command` passes over the files in `PATH` that may not be executed and says that there is none. Shells tell the
 * two apart, so each is tried by its path.
 */
function spawnByPath(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  for (const folder of searchedFolders(program, env.get("PATH") ?? "")) {
    try {
      return new Deno.Command(`${folder}/${program}`, options).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) throw notExecutable(program, error);
    }
  }
  throw new ProgramError("PROGRAM_NOT_FOUND", program, "there is no such program");
}

function notExecutable(program: string, error: unknown): ProgramError {
  return new ProgramError("PROGRAM_NOT_EXECUTABLE", program, ioError(error).message);
}

/** The port of a child process. */
export function childOf(child: Deno.ChildProcess): ChildProcess {
  return {
    exit: child.status.then(({ code }) => code, exitOfUnnamedSignal),
    kill: (signal) => sendSignal(child, signal),
  };
}

function foregroundOf(child: Deno.ChildProcess, watch: ChildWatch): ForegroundProcess {
  const { exit, kill } = childOf(child);
  return {
    exit: exit.finally(() => watch[Symbol.dispose]()),
    kill,
    stopped: (signal) => watch.stopped(child.pid, signal),
  };
}

/** Deno has no name for the real-time signals, and rejects where one ended the child: `Invalid signal: 40`. */
function exitOfUnnamedSignal(error: unknown): number {
  const number = error instanceof Error
    ? /^Invalid signal: (\d+)$/.exec(error.message)?.[1]
    : undefined;
  if (number === undefined) throw error;
  return 128 + Number(number);
}
