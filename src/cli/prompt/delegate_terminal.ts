/**
 * A terminal that differs from another one in how the user is prompted.
 *
 * @module
 */

import type { Terminal } from "../../system.ts";

/** The terminal, with these changes. */
export function delegateTerminal(
  terminal: Terminal,
  changes: Pick<Terminal, "canAsk" | "controlling">,
): Terminal {
  return {
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
