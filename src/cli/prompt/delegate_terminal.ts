/**
 * A terminal that differs from another one in some of its ways.
 *
 * @module
 */

import type { Terminal } from "../../system.ts";

/** The terminal, with these changes. */
export function delegateTerminal(
  terminal: Terminal,
  changes: Partial<Terminal>,
): Terminal {
  return {
    canAsk: terminal.canAsk,
    outIsTerminal: terminal.outIsTerminal,
    errIsTerminal: terminal.errIsTerminal,
    columns: () => terminal.columns(),
    rows: () => terminal.rows(),
    out: (text) => terminal.out(text),
    err: (text) => terminal.err(text),
    flush: () => terminal.flush(),
    outputFailed: terminal.outputFailed,
    readInput: () => terminal.readInput(),
    keys: (signal) => terminal.keys(signal),
    ...changes,
  };
}
