/**
 * The question for an MFA code: a state, what each key makes of it, and how it looks.
 *
 * @module
 */

import { InterruptedError, MfaError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { Terminal } from "../../system.ts";

/** How a prompt stands. It goes on while the outcome is "typing". */
export interface PromptState {
  /** The MFA device, for the question. */
  readonly serial: string;
  /** The lines above the question, each with its newline: earlier answers as stars, and what was wrong with them. */
  readonly earlier: string;
  /** What has been typed since the question was last asked, without blanks. */
  readonly typed: string;
  /** How often the question may still be asked again. */
  readonly retries: number;
  /** What the keys have come to; "malformed" when no question is left. */
  readonly outcome: "typing" | "entered" | "malformed" | "interrupted" | "ended";
}

/** How {@linkcode askMfaCode} asks. */
export interface AskOptions {
  /** Ends the prompt: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How often to ask again after an answer that is not six digits. Default: 3. */
  readonly retries?: number;
}

const hint = "give the code with '--mfa-code 123456', or run the command in a terminal";

/** Nobody sits there to be asked. */
export class NoTerminalError extends MfaError {}

/**
 * Asks for the six digits that the device shows, on standard error and without echo. The terminal is put back as it
 * was, however it ends.
 *
 * @throws {MfaError} when nobody can be asked, the input ends, or every answer was malformed
 * @throws {InterruptedError} at ctrl+c
 */
export async function askMfaCode(
  terminal: Pick<Terminal, "canAsk" | "err" | "keys">,
  serial: string,
  { signal, retries = 3 }: AskOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  if (!terminal.canAsk) {
    throw new NoTerminalError(`Cannot ask for the MFA code of "${serial}": no terminal`, { hint });
  }
  let state = startPrompt(serial, retries);
  const move = (next: PromptState) => {
    terminal.err(renderChange(renderPrompt(state), renderPrompt(next)));
    state = next;
  };
  terminal.err(renderPrompt(state));
  try {
    for await (const chunk of terminal.keys(signal)) {
      for (const key of splitKeys(chunk)) move(pressKey(state, key));
      if (state.outcome !== "typing") break;
    }
  } finally {
    if (state.outcome === "typing") move({ ...state, outcome: "ended" });
  }
  return codeOf(state);
}

/** The prompt before anything was typed. */
export function startPrompt(serial: string, retries = 3): PromptState {
  return { serial, earlier: "", typed: "", retries, outcome: "typing" };
}

/** What one key makes of a prompt. A key is one character, one line end, or one escape sequence. */
export function pressKey(state: PromptState, key: string): PromptState {
  if (state.outcome !== "typing") return state;
  switch (key) {
    case "\r":
    case "\n":
    case "\r\n":
      return submit(state);
    case "\x7f":
    case "\b":
      return { ...state, typed: [...state.typed].slice(0, -1).join("") };
    case "\x15":
      return { ...state, typed: "" };
    case "\x03":
      return { ...state, outcome: "interrupted" };
    case "\x04":
      return { ...state, outcome: "ended" };
  }
  // Blanks come with a code that was pasted as "123 456"; other control keys mean nothing here.
  return /^[\s\p{Cc}]/u.test(key) ? state : { ...state, typed: state.typed + key };
}

/** The prompt as it looks, from its first line on, with a star for each character typed. */
export function renderPrompt(state: PromptState): string {
  const stars = "*".repeat([...state.typed].length);
  const end = state.outcome === "typing" ? "" : "\n";
  return `${state.earlier}MFA code for ${visible(state.serial)}: ${stars}${end}`;
}

function submit(state: PromptState): PromptState {
  if (/^[0-9]{6}$/.test(state.typed)) return { ...state, outcome: "entered" };
  if (state.retries <= 0) return { ...state, outcome: "malformed" };
  const earlier = `${renderPrompt(state)}\n${complaint(state.typed)}\n`;
  return { ...state, earlier, typed: "", retries: state.retries - 1 };
}

/** What was wrong, as a count: what was typed may be a code or a password, so it is never repeated. */
function complaint(typed: string): string {
  const count = [...typed].length;
  if (count === 6) return "6 characters that are not all digits, wanted 6 digits";
  return `${count} character${count === 1 ? "" : "s"}, wanted 6 digits`;
}

/** What to write so that a terminal that shows `before` shows `after`. One is always the beginning of the other. */
function renderChange(before: string, after: string): string {
  return after.startsWith(before)
    ? after.slice(before.length)
    : "\b \b".repeat(before.length - after.length);
}

/** The keys in what was typed or pasted at once. */
function splitKeys(chunk: string): readonly string[] {
  // deno-lint-ignore no-control-regex -- terminals send control characters
  return chunk.match(/\x1b\[[0-?]*[ -/]*[@-~]|\x1bO?[^]?|\r\n|[^]/gu) ?? [];
}

function codeOf(state: PromptState): string {
  switch (state.outcome) {
    case "entered":
      return state.typed;
    case "interrupted":
      throw new InterruptedError("SIGINT");
    case "malformed":
      throw new MfaError(
        `Cannot read an MFA code for "${state.serial}": ${complaint(state.typed)}`,
        { hint },
      );
    default:
      throw new MfaError(`Cannot read an MFA code for "${state.serial}": the input ended`, {
        hint,
      });
  }
}
