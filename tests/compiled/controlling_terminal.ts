/**
 * A command line of sh on a controlling terminal, by way of `controlling_terminal.py`.
 *
 * @module
 */

import { type Home, runIn } from "../peers/stsaval_process.ts";

/** What became of it. */
export interface OnTerminal {
  /** All that the terminal showed. */
  readonly shown: string;
  /** How the shell ended; null if it did not. */
  readonly status: number | null;
  /** Whether the terminal is as it was before. */
  readonly restored: boolean;
  /** How many programs were left on it. */
  readonly left: number;
}

/** Runs a script of sh, with `words` as `$@`; `keys` are typed at the prompt for an MFA code. */
export async function runOnTerminal(
  home: Home,
  script: string,
  words: readonly string[],
  keys: string,
): Promise<OnTerminal> {
  const python = new URL("./controlling_terminal.py", import.meta.url).pathname;
  const { code, stdout, stderr } = await runIn(
    home,
    ["python3", python, keys, script, "sh", ...words],
    { env: { PID_FILE: `${home.path}/pid` } },
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
