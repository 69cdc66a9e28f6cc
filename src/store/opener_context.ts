/**
 * What openers work with, made of the ports of the store.
 *
 * @module
 */

import { StoreError } from "../errors.ts";
import type { CommandLine, ModuleSystem } from "../system.ts";
import { type OpenerContext, runOpener } from "./openers/opener.ts";
import type { AskPassphrase } from "./passphrase_port.ts";

/** The ports of openers. */
export interface OpenerPorts {
  readonly system: Pick<ModuleSystem, "clock" | "env" | "files" | "processes">;
  /** Without it, what needs a passphrase fails. */
  readonly ask?: AskPassphrase | undefined;
  readonly signal: AbortSignal;
}

/** The context for one sealed file. */
export function openerContext(
  { ask, signal, system }: OpenerPorts,
  { argument, file }: { readonly argument: string; readonly file: string },
): OpenerContext {
  return {
    ...{ env: system.env, files: system.files, argument, file, signal },
    ask: ask ?? (() => Promise.reject(noTerminal(file))),
    run(line: CommandLine | undefined, options = {}) {
      if (line === undefined) throw new RangeError("the opener has no such line");
      return runOpener(system, line, { ...options, signal });
    },
  };
}

function noTerminal(file: string): StoreError {
  const message = `Cannot open "${file}": there is no terminal to ask for its passphrase`;
  return new StoreError("no-terminal", message, {
    hint: "run the command in a terminal, or give `passphrase` to StsCore",
  });
}
