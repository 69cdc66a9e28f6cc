/**
 * `stsaval completion`: shell completion scripts.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { Command, Invocation } from "../command.ts";
import { completionShells, formatCompletion } from "../help/completion/completion.ts";

const shellNames = completionShells.map(({ name }) => name);

/** The record. */
export const completion: Command = {
  name: "completion",
  topic: "setUp",
  summary: "Print a script that completes command lines in a shell",
  description:
    "Prints a script that completes commands, options, formats, files, and the names of profiles,\n" +
    "which it reads from ~/.aws on each completion without starting stsaval.",
  operands: shellNames.join("|"),
  options: [],
  examples: [
    { line: "source <(stsaval completion bash)", summary: "bash, in ~/.bashrc" },
    { line: "source <(stsaval completion zsh)", summary: "zsh, in ~/.zshrc after compinit" },
    { line: "stsaval completion fish | source", summary: "fish, in ~/.config/fish/config.fish" },
    {
      line: "stsaval completion nushell | save -f ~/.config/nushell/autoload/stsaval.nu",
      summary: "nushell, 0.108 or later, once",
    },
    {
      line: "stsaval completion powershell | Out-String | Invoke-Expression",
      summary: "PowerShell, in $PROFILE",
    },
  ],
  environment: [],
  needs: [],
  run: runCompletion,
};

async function runCompletion(
  { arguments: given, commands, system }: Invocation,
): Promise<number> {
  const [name, extra] = given.operands;
  const shell = completionShells.find((one) => one.name === name);
  if (shell === undefined || extra !== undefined) {
    const found = given.operands.length === 0 ? "no shell" : `"${given.operands.join(" ")}"`;
    throw new UsageError(
      `Cannot print a completion script: found ${found}, wanted one of ${shellNames.join(", ")}`,
      { hint: `'stsaval completion ${shellNames[0]}' prints that of ${shellNames[0]}` },
    );
  }
  system.terminal.out(formatCompletion(shell, await commands.all()));
  return 0;
}
