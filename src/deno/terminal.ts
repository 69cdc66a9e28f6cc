/**
 * The person's terminal, or the pipes in its place.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { StsavalError } from "../errors.ts";
import type { Terminal } from "../system.ts";
import { ioError } from "./io_error.ts";
import { writeAll } from "./write_all.ts";

/** The port `Terminal`. */
export const terminal: Terminal = {
  // Where standard error goes elsewhere, nobody would see the question.
  canAsk: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
  outIsTerminal: Deno.stdout.isTerminal(),
  errIsTerminal: Deno.stderr.isTerminal(),
  // A terminal that does not know its size says 0.
  columns: () => consoleSize()?.columns || 80,
  rows: () => consoleSize()?.rows || 24,
  out(text) {
    try {
      writeAll(Deno.stdout, text);
    } catch (error) {
      throw new StsavalError("FAILED", `Cannot write the result: ${ioError(error).message}`);
    }
  },
  err: (text) => writeAll(Deno.stderr, text),
  async readInput() {
    try {
      return await new Response(Deno.stdin.readable).text();
    } catch (error) {
      throw new StsavalError("FAILED", `Cannot read standard input: ${ioError(error).message}`);
    }
  },
  async *keys(signal) {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(256);
    Deno.stdin.setRaw(true);
    try {
      while (true) {
        const count = await abortable(() => Deno.stdin.read(buffer), signal);
        if (count === null) return;
        yield decoder.decode(buffer.subarray(0, count), { stream: true });
      }
    } finally {
      Deno.stdin.setRaw(false);
    }
  },
};

function consoleSize(): { readonly columns: number; readonly rows: number } | undefined {
  try {
    return Deno.consoleSize();
  } catch {
    // Nothing here is a terminal.
    return undefined;
  }
}
