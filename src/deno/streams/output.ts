/**
 * Writing to standard output and standard error without waiting for who reads them: a thread that waits for a stalled
 * pipe sees no signal.
 *
 * @module
 */

import { OutputClosedError, StsavalError } from "../../errors.ts";
import { ioError } from "../io_error.ts";

/** A stream that takes a part of what it is given. */
export interface OutputStream {
  write(bytes: Uint8Array): Promise<number>;
  isTerminal(): boolean;
}

/** Texts on their way to one or two streams, one after the other. */
export class OutputQueue {
  #last: Promise<void> = Promise.resolve();

  /** Writes the text when all before it is written, and tells `onError` why it cannot be. */
  write(stream: OutputStream, text: string, onError: (error: unknown) => void): void {
    const bytes = new TextEncoder().encode(text);
    this.#last = this.#last.then(() => writeAll(stream, bytes)).catch(onError);
  }

  /** Settles when all that was given so far is written, or cannot be. */
  flushed(): Promise<void> {
    return this.#last;
  }
}

async function writeAll(stream: OutputStream, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    try {
      written += await stream.write(bytes.subarray(written));
    } catch (error) {
      // A pipe that does not block is full for now.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Why standard output cannot be written. A terminal that is gone gives EIO. */
export function outputError(error: unknown, stream: Pick<OutputStream, "isTerminal">): Error {
  const isGone = error instanceof Deno.errors.BrokenPipe ||
    stream.isTerminal() && error instanceof Error && "code" in error && error.code === "EIO";
  if (isGone) return new OutputClosedError({ cause: error });
  const why = ioError(error).message;
  return new StsavalError("FAILED", `Cannot write the result: ${why}`, { cause: error });
}
