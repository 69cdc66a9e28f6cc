/**
 * The prompt for an MFA code: a state, a transition for each key, and a renderer.
 *
 * @module
 */

import { InterruptedError, MfaError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { PromptPlace, Terminal } from "../../system.ts";

/** The state of a prompt. It is open while the outcome is "typing". */
export interface PromptState {
  /** The MFA device, shown in the prompt. */
  readonly serial: string;
  /** The lines above the prompt, each with its newline: earlier input as stars, and what was wrong with it. */
  readonly earlier: string;
  /** What has been typed since the last prompt, without blanks. */
  readonly typed: string;
  /** How many retries are left. */
  readonly retries: number;
  /** The result of the keys so far; "malformed" when no retry is left. */
  readonly outcome: "typing" | "entered" | "malformed" | "interrupted" | "ended";
}

/** The options of {@linkcode askMfaCode}. */
export interface AskOptions {
  /** Ends the prompt: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How often to prompt again after input that is not six digits. Default: 3. */
  readonly retries?: number;
}

const hint = "pass the code with '--mfa-code 123456', or run the command in a terminal";

/** There is no terminal to prompt on. */
export class NoTerminalError extends MfaError {}

/**
 * Prompts for the six digits that the device shows, without echo: on standard error, or on the controlling terminal
 * where standard input or standard error leads elsewhere. The terminal's mode is always restored.
 *
 * @throws {MfaError} when there is no terminal to prompt on, the input ends, or all input was malformed
 * @throws {InterruptedError} at ctrl+c
 */
export async function askMfaCode(
  terminal: PromptPlace & Pick<Terminal, "canAsk" | "controlling">,
  serial: string,
  { signal, retries = 3 }: AskOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  const place = terminal.canAsk ? terminal : await terminal.controlling?.() ?? "no terminal";
  if (typeof place === "string") {
    throw new NoTerminalError(`Cannot prompt for the MFA code of "${serial}": ${place}`, { hint });
  }
  let state = startPrompt(serial, retries);
  const update = (next: PromptState) => {
    place.err(renderChange(renderPrompt(state), renderPrompt(next)));
    state = next;
  };
  place.err(renderPrompt(state));
  try {
    for await (const chunk of place.keys(signal)) {
      for (const key of splitKeys(chunk)) update(pressKey(state, key));
      if (state.outcome !== "typing") break;
    }
  } finally {
    if (state.outcome === "typing") update({ ...state, outcome: "ended" });
  }
  return codeOf(state);
}

/** The prompt before anything is typed. */
export function startPrompt(serial: string, retries = 3): PromptState {
  return { serial, earlier: "", typed: "", retries, outcome: "typing" };
}

/** The state after one key. A key is one character, one line end, or one escape sequence. */
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
  // A code may be pasted as "123 456", with a blank; other control keys are ignored.
  return /^[\s\p{Cc}]/u.test(key) ? state : { ...state, typed: state.typed + key };
}

/** The prompt as text, with a star for each character typed. */
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

/** What was wrong, as a count only: the input may be a code or a password, so it is never echoed. */
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

/** Splits a chunk of typed or pasted input into keys. */
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
