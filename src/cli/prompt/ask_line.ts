/**
 * A question that is answered in one line.
 *
 * @module
 */

import { InterruptedError, UsageError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { Clock, Terminal } from "../../system.ts";
import { keyEvents } from "./keys.ts";
import { editLine, emptyLine, textOf } from "./line.ts";

/** The ports of a question. */
export interface QuestionPorts {
  readonly terminal: Pick<Terminal, "canAsk" | "err" | "keys">;
  readonly clock: Pick<Clock, "sleep">;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The text that is typed on standard error, without blanks around it; `usual` where none is.
 *
 * @throws {UsageError} when there is no terminal, with the hint
 * @throws {InterruptedError} at ctrl+c, and where the input ends
 */
export async function askLine(
  ports: QuestionPorts,
  question: string,
  { usual = "", hint, isSecret = false }: {
    readonly usual?: string | undefined;
    readonly hint: string;
    /** True types without echo. */
    readonly isSecret?: boolean;
  },
): Promise<string> {
  const { terminal } = ports;
  if (!terminal.canAsk) {
    throw new UsageError(`Cannot ask "${question}": no terminal to prompt on`, { hint });
  }
  const prompt = usual === "" ? `${question}: ` : `${question} [${visible(usual)}]: `;
  terminal.err(prompt);
  let line = emptyLine;
  for await (const keys of keyEvents(ports, () => undefined)) {
    for (const key of keys) {
      if (key === "\x03" || (key === "\x04" && textOf(line) === "")) {
        terminal.err("\n");
        throw new InterruptedError("SIGINT");
      }
      if (key === "\r" || key === "\n" || key === "\r\n") {
        terminal.err("\n");
        return textOf(line).trim() || usual;
      }
      line = editLine(line, key) ?? line;
    }
    if (isSecret) continue;
    // The cursor goes back to where it is in the line.
    const back = [...line.after].length;
    terminal.err(`\r\x1b[K${prompt}${visible(textOf(line))}${back === 0 ? "" : `\x1b[${back}D`}`);
  }
  terminal.err("\n");
  throw new InterruptedError("SIGINT");
}

/** Whether the answer is yes; no where nothing is typed. */
export async function confirm(
  ports: QuestionPorts,
  question: string,
  hint: string,
): Promise<boolean> {
  return /^y(?:es)?$/i.test(await askLine(ports, `${question} (y/N)`, { hint }));
}
