/**
 * The person's terminal, or the pipes in its place.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { StsavalError } from "../errors.ts";
import type { Terminal } from "../system.ts";
import { ioError } from "./io_error.ts";
import { listen } from "./signals.ts";
import { outputError, OutputQueue } from "./streams/output.ts";
import { readStdin } from "./streams/stdin.ts";

const outIsTerminal = Deno.stdout.isTerminal();
const errIsTerminal = Deno.stderr.isTerminal();
const outQueue = new OutputQueue();
// On one terminal the order of the two is seen. Elsewhere a stalled reader of the one must not hold up the other.
const errQueue = outIsTerminal && errIsTerminal ? outQueue : new OutputQueue();
const failure = new AbortController();

/** The port `Terminal`. */
export const terminal: Terminal = {
  // Where standard error goes elsewhere, the prompt would not be seen.
  canAsk: Deno.stdin.isTerminal() && errIsTerminal,
  outIsTerminal,
  errIsTerminal,
  // A terminal that does not know its size says 0.
  columns: () => consoleSize()?.columns || 80,
  rows: () => consoleSize()?.rows || 24,
  out(text) {
    if (failure.signal.aborted) return;
    outQueue.write(
      Deno.stdout,
      text,
      (error) => failure.abort(outputError(error, Deno.stdout)),
    );
  },
  err(text) {
    errQueue.write(Deno.stderr, text, () => {});
  },
  async flush() {
    await Promise.all([outQueue.flushed(), errQueue.flushed()]);
    failure.signal.throwIfAborted();
  },
  outputFailed: failure.signal,
  async readInput() {
    try {
      return await readStdin();
    } catch (error) {
      throw new StsavalError("FAILED", `Cannot read standard input: ${ioError(error).message}`);
    }
  },
  async *keys(signal) {
    const decoder = new TextDecoder();
    let continued = Promise.withResolvers<void>();
    using _continued = listen(["SIGCONT"], () => continued.resolve());
    hideKeys();
    try {
      while (true) {
        const ready = Promise.race([readKeys(), continued.promise]);
        const bytes = await abortable(() => ready, signal);
        if (bytes === null) return;
        if (bytes === undefined) {
          continued = Promise.withResolvers();
          // The shell has restored the terminal meanwhile.
          hideKeys();
          yield "";
        } else {
          underWay = undefined;
          yield decoder.decode(bytes, { stream: true });
        }
      }
    } finally {
      restoreTerminal();
    }
  },
};

/** A read without a waiter goes on, and the next waiter gets what it finds. */
let underWay: Promise<Uint8Array | null> | undefined;

function readKeys(): Promise<Uint8Array | null> {
  const buffer = new Uint8Array(256);
  underWay ??= Deno.stdin.read(buffer).then((count) =>
    count === null ? null : buffer.subarray(0, count)
  );
  return underWay;
}

/** Keys one by one, without echo; ctrl+c and ctrl+z stay signals, so that the program can be stopped and go on. */
function hideKeys(): void {
  Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
}

/** A terminal that is gone need not be put back. */
function restoreTerminal(): void {
  try {
    Deno.stdin.setRaw(false);
  } catch {
    return;
  }
}

function consoleSize(): { readonly columns: number; readonly rows: number } | undefined {
  try {
    return Deno.consoleSize();
  } catch {
    // Nothing here is a terminal.
    return undefined;
  }
}
