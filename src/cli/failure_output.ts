/**
 * What a failed command prints for the shell that evaluates its output. In `eval "$(stsaval env dev)"` the status of
 * stsaval is lost, and `eval` of nothing succeeds: the shell would go on with the credentials that it had.
 *
 * @module
 */

import { findFormat, type Format, variableFormats } from "../output/format.ts";
import type { CommandDirectory } from "./command.ts";

/** The text for standard output, from the words of the command line; they may be what was wrong. */
export async function failureOutput(
  words: readonly string[],
  status: number,
  commands: CommandDirectory,
): Promise<string | undefined> {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  // It went to the file, and the file stays as it was.
  if (own.some((word) => /^--output(?:$|=)/.test(word))) return undefined;
  const isEnv = await commands.resolve(own).then(
    ({ command }) => command?.name === "env",
    () => own[0] === "env",
  );
  return formatOf(own, isEnv)?.formatFailure?.(status);
}

/** As far as it can be read; `env` speaks to bash, zsh and sh unless told otherwise. */
function formatOf(words: readonly string[], isEnv: boolean): Format | undefined {
  const index = words.findLastIndex((word) => /^--format(?:$|=)/.test(word));
  const name = index < 0 ? undefined : words[index]?.split("=", 2)[1] ?? words[index + 1];
  const found = attempt(name);
  // A format that env rejects was meant for a shell all the same.
  return isEnv && !variableFormats.includes(found?.name ?? "") ? findFormat("env") : found;
}

function attempt(name = ""): Format | undefined {
  try {
    return findFormat(name);
  } catch {
    return undefined;
  }
}
