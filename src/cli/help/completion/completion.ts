/**
 * Completion scripts, made from the records of the commands. They are self-contained: completing never starts the
 * program, whose start-up is too slow for the tab key.
 *
 * @module
 */

import type { Command } from "../../command.ts";
import { formatBash } from "./bash.ts";
import { formatFish } from "./fish.ts";
import { type CompletedCommand, completedCommands } from "./model.ts";
import { formatNushell } from "./nushell.ts";
import { formatPowerShell } from "./powershell.ts";
import { formatZsh } from "./zsh.ts";

/** A supported shell, as one record. */
export interface CompletionShell {
  readonly name: string;
  /** The file's name in the folder where this shell looks for completions. */
  readonly fileName: string;
  format(commands: readonly CompletedCommand[]): string;
}

/** The rows. */
export const completionShells: readonly CompletionShell[] = [
  { name: "bash", fileName: "stsaval", format: formatBash },
  { name: "zsh", fileName: "_stsaval", format: formatZsh },
  { name: "fish", fileName: "stsaval.fish", format: formatFish },
  { name: "nushell", fileName: "stsaval.nu", format: formatNushell },
  { name: "powershell", fileName: "stsaval.ps1", format: formatPowerShell },
];

/** The script of a shell, which completes these commands. */
export function formatCompletion(shell: CompletionShell, commands: readonly Command[]): string {
  return shell.format(completedCommands(commands));
}
