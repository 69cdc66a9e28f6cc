/**
 * Who is asked for passphrases, and told of waits.
 *
 * @module
 */

import { visible } from "../../output/table.ts";
import type { AskPassphrase } from "../../store/passphrase_port.ts";
import type { System, Terminal } from "../../system.ts";

/** Asks for passphrases on the terminal; what does so is loaded when one is needed. */
export function passphraseAsker(system: Pick<System, "clock" | "terminal">): AskPassphrase {
  return async (request) => {
    const { createPassphraseAsker } = await import("./ask_passphrase.ts");
    return await createPassphraseAsker(system)(request);
  };
}

/** Reports the process that holds the lock. */
export function reportWait(terminal: Pick<Terminal, "err">, holder: string): void {
  terminal.err(`stsaval: waiting for ${visible(holder)}\n`);
}
