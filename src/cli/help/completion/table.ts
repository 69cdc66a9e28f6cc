/**
 * The commands as JSON that a script reads at run time, for shells that have a reader of JSON.
 *
 * @module
 */

import { type CompletedCommand, firstWords, type Values } from "./model.ts";

/** `words` that a command line begins with, and `commands`; without a single quote, so that it can stand between two. */
export function formatTable(commands: readonly CompletedCommand[]): string {
  const table = {
    words: firstWords(commands).map(([value, description]) => ({ value, description })),
    commands: commands.map(({ name, summary, options, operands, runsProgram }) => ({
      name,
      summary,
      runsProgram,
      operands: kindOf(operands),
      options: options.flatMap(({ long, short, summary, values }) =>
        [long, ...(short === undefined ? [] : [short])]
          .map((name) => ({ name, summary, ...kindOf(values) }))
      ),
    })),
  };
  return JSON.stringify(table).replaceAll("'", "\\u0027");
}

/** The kind "none" takes nothing. */
function kindOf(
  values: Values | undefined,
): { readonly kind: string; readonly words: readonly string[] } {
  return { kind: values?.kind ?? "none", words: values?.words ?? [] };
}
