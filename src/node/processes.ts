/**
 * Other programs.
 *
 * @module
 */

import { type ChildProcess as NodeChild, spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { isatty } from "node:tty";
import { ProgramError } from "../errors.ts";
import type { ChildProcess, ModuleSystem } from "../system.ts";
import { codeOf, ioError } from "./io_error.ts";

/** The port `Processes`, as far as the module needs it. */
export const processes: ModuleSystem["processes"] = {
  startPiped([program = "", ...args], env = {}, { input, mergesErrors = false } = {}) {
    const usual = isatty(0) ? "inherit" : "ignore";
    const child = start(program, args, {
      env: { ...process.env, ...env },
      stdio: [input === undefined ? usual : "pipe", "pipe", mergesErrors ? "pipe" : "inherit"],
    });
    // A program that ends before it has read all of it says so by its exit code.
    child.stdin?.on("error", () => {}).end(input);
    return { ...childOf(child, program), stdout: outputOf(child) };
  },
};

type SpawnOptions = Parameters<typeof spawn>[2];

/** Node throws what is wrong with the words at once, and tells of the rest later. */
function start(program: string, args: readonly string[], options: SpawnOptions): NodeChild {
  try {
    return spawn(program, args, options);
  } catch (error) {
    throw notStarted(program, error);
  }
}

function notStarted(program: string, error: unknown): ProgramError {
  return codeOf(error) === "ENOENT" || program === ""
    ? new ProgramError("PROGRAM_NOT_FOUND", program, "there is no such program")
    : new ProgramError("PROGRAM_NOT_EXECUTABLE", program, ioError(error).message);
}

function childOf(child: NodeChild, program: string): ChildProcess {
  const { promise: exit, resolve, reject } = Promise.withResolvers<number>();
  // It is also told of a signal that could not be sent, when it is settled already or goes on.
  child.on("error", (error) => {
    if (child.pid === undefined) reject(notStarted(program, error));
  });
  child.on(
    "exit",
    (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
  );
  // Whoever waits hears of it.
  exit.catch(() => {});
  return { exit, kill: (signal) => sendSignal(child, signal) };
}

/** Sends the signal; nothing happens where the program has ended. False where another user runs it. */
function sendSignal({ pid, exitCode, signalCode }: NodeChild, signal: NodeJS.Signals): boolean {
  if (pid === undefined || exitCode !== null || signalCode !== null) return true;
  try {
    process.kill(pid, signal);
  } catch (error) {
    return codeOf(error) !== "EPERM";
  }
  return true;
}

/** What it prints, as it comes; nothing, if it could not be started. */
function outputOf({ pid, stdout, stderr }: NodeChild): ReadableStream<Uint8Array> {
  if (pid === undefined) return new Blob([]).stream();
  const parts = [stdout, stderr].filter((stream) => stream !== null);
  return new ReadableStream({
    start(controller) {
      const copies = parts.map(async (stream) => {
        for await (const part of stream) controller.enqueue(new Uint8Array(part));
      });
      // Whoever reads no further has closed it.
      Promise.all(copies).then(() => controller.close()).catch(() => {});
    },
  });
}
