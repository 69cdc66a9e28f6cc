/**
 * The prompt for an MFA code: a state, a transition for each key, and a renderer.
 *
 * @module
 */

import { InterruptedError, MfaError } from "../../errors.ts";
import { NoTerminalError } from "./no_terminal.ts";
import { visible } from "../../output/table.ts";
import type { Clock, PromptPlace, Terminal } from "../../system.ts";
import { keyEvents, redrawKey } from "../prompt/keys.ts";
import { displayWidth } from "../../output/width.ts";

/** What a prompt says and knows before anything is typed. */
export interface PromptOptions {
  /** How often to prompt again after input that is not six digits. Default: 3. */
  readonly retries?: number | undefined;
  /** The profiles that wait for the code. */
  readonly profiles?: readonly string[] | undefined;
  /** A line above the prompt in place of their names: why it is there again. */
  readonly note?: string | undefined;
  /** The width of the terminal. Default: 80. */
  readonly columns?: number | undefined;
  /** Whether AWS has had this code already: it accepts none twice. */
  readonly isUsed?: ((code: string) => boolean) | undefined;
}

/** The state of a prompt. It is open while the outcome is "typing" or "waiting". */
export interface PromptState {
  /** The MFA device. */
  readonly serial: string;
  /** The text before what is typed. */
  readonly question: string;
  /** The lines above the prompt, each with its newline: earlier input as stars, and what was wrong with it. */
  readonly earlier: string;
  /** What has been typed since the last prompt, without blanks. */
  readonly typed: string;
  /** How many retries are left. */
  readonly retries: number;
  /** Whether AWS has had this code already. */
  readonly isUsed: (code: string) => boolean;
  /** The seconds until the device shows another code, while "waiting". */
  readonly secondsLeft: number;
  /** The result of the keys so far; "malformed" when no retry is left. */
  readonly outcome: "typing" | "waiting" | "entered" | "malformed" | "interrupted" | "ended";
}

/** The options of {@linkcode askMfaCode}. */
export interface AskOptions extends PromptOptions {
  /** Ends the prompt: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** True if the device still shows a code that is used: then the prompt waits for the next one. */
  readonly waits?: boolean | undefined;
}

/** The ports of {@linkcode askMfaCode}. */
export interface AskPorts {
  readonly terminal: PromptPlace & Pick<Terminal, "canAsk" | "controlling">;
  readonly clock: Clock;
}

/**
 * Prompts for the six digits that the device shows, without echo: on standard error, or on the controlling terminal
 * where standard input or standard error leads elsewhere. The terminal's mode is always restored.
 *
 * @throws {MfaError} when there is no terminal to prompt on, the input ends, or all input was malformed
 * @throws {InterruptedError} at ctrl+c
 */
export async function askMfaCode(
  { terminal, clock }: AskPorts,
  serial: string,
  options: AskOptions = {},
): Promise<string> {
  const { signal, waits = false } = options;
  signal?.throwIfAborted();
  const place = terminal.canAsk ? terminal : await terminal.controlling?.() ?? "no terminal";
  if (typeof place === "string") {
    throw new NoTerminalError(`Cannot prompt for the MFA code of "${serial}": ${place}`, {
      hint: hintFor(place),
    });
  }
  let state = startPrompt(serial, options);
  const update = (next: PromptState) => {
    place.err(renderChange(renderPrompt(state), renderPrompt(next)));
    state = next;
  };
  place.err(renderPrompt(state));
  if (waits) update({ ...state, outcome: "waiting", secondsLeft: secondsToNextCode(clock.now()) });
  const nextSecond = (ended: AbortSignal) =>
    state.outcome === "waiting" ? clock.sleep(1_000, { signal: ended }) : undefined;
  try {
    for await (const keys of keyEvents({ terminal: place, clock, signal }, nextSecond)) {
      update(passTime(state, clock.now()));
      for (const key of keys) update(pressKey(state, key, clock.now()));
      if (keys.includes(redrawKey)) place.err(`\r${lastLine(renderPrompt(state))}`);
      if (!isOpen(state)) break;
    }
  } finally {
    if (isOpen(state)) update({ ...state, outcome: "ended" });
  }
  return codeOf(state);
}

/** The prompt before anything is typed. */
export function startPrompt(serial: string, options: PromptOptions = {}): PromptState {
  const { retries = 3, note, profiles = [], columns = 80, isUsed = () => false } = options;
  const earlier = note === undefined ? formatProfiles(profiles) : `${note}\n`;
  const question = questionFor(serial, columns);
  return {
    serial,
    question,
    earlier,
    typed: "",
    retries,
    isUsed,
    secondsLeft: 0,
    outcome: "typing",
  };
}

/** The state after one key. A key is one character, one line end, or one escape sequence. */
export function pressKey(state: PromptState, key: string, now = 0): PromptState {
  if (!isOpen(state)) return state;
  if (key === "\x03") return { ...state, outcome: "interrupted" };
  if (key === "\x04") return { ...state, outcome: "ended" };
  if (state.outcome === "waiting") return state;
  switch (key) {
    case "\r":
    case "\n":
    case "\r\n":
      return submit(state, now);
    case "\x7f":
    case "\b":
      return { ...state, typed: [...state.typed].slice(0, -1).join("") };
    case "\x15":
      return { ...state, typed: "" };
  }
  // A code may be pasted as "123 456", with a blank; other control keys are ignored.
  return /^[\s\p{Cc}]/u.test(key) ? state : { ...state, typed: state.typed + key };
}

/** The state at another moment: the wait for the next code ends with the current one. */
export function passTime(state: PromptState, now: number): PromptState {
  if (state.outcome !== "waiting") return state;
  const secondsLeft = secondsToNextCode(now);
  const isOver = secondsLeft > state.secondsLeft;
  return isOver ? { ...state, outcome: "typing", secondsLeft: 0 } : { ...state, secondsLeft };
}

/** The prompt as text, with a star for each character typed, up to a number that fits every terminal. */
export function renderPrompt(state: PromptState): string {
  const { earlier, question, typed, outcome, secondsLeft } = state;
  if (outcome === "waiting") return `${earlier}Used already, the next code in ${secondsLeft} s`;
  const stars = "*".repeat(Math.min([...typed].length, mostStars));
  return `${earlier}${question}${stars}${outcome === "typing" ? "" : "\n"}`;
}

const mostStars = 16;
const mostNames = 3;
/** A TOTP device shows a new code at each multiple of 30 seconds (RFC 6238). */
const stepSeconds = 30;

function secondsToNextCode(now: number): number {
  return stepSeconds - Math.floor(now / 1_000) % stepSeconds;
}

function isOpen({ outcome }: PromptState): boolean {
  return outcome === "typing" || outcome === "waiting";
}

/** `For profiles dev, qa and 3 more:`, as a line; empty without any. */
function formatProfiles(profiles: readonly string[]): string {
  if (profiles.length === 0) return "";
  const names = profiles.slice(0, mostNames).map(visible).join(", ");
  const more = profiles.length - mostNames;
  const all = more > 0 ? `${names} and ${more} more` : names;
  return `For profile${profiles.length === 1 ? "" : "s"} ${all}:\n`;
}

function questionFor(serial: string, columns: number): string {
  const text = `MFA code for ${visible(serial)}:`;
  // Stars are taken back one by one, which works within a line only.
  return displayWidth(text) + 1 + mostStars < columns ? `${text} ` : `${text}\n`;
}

function submit(state: PromptState, now: number): PromptState {
  const answered = `${renderPrompt(state)}\n`;
  if (/^[0-9]{6}$/.test(state.typed)) {
    if (!state.isUsed(state.typed)) return { ...state, outcome: "entered" };
    const secondsLeft = secondsToNextCode(now);
    return { ...state, earlier: answered, typed: "", secondsLeft, outcome: "waiting" };
  }
  if (state.retries <= 0) return { ...state, outcome: "malformed" };
  const earlier = `${answered}${complaint(state.typed)}\n`;
  return { ...state, earlier, typed: "", retries: state.retries - 1 };
}

/** What was wrong, as a count only: the input may be a code or a password, so it is never echoed. */
function complaint(typed: string): string {
  const count = [...typed].length;
  if (count === 6) return "6 characters that are not all digits, wanted 6 digits";
  return `${count} character${count === 1 ? "" : "s"}, wanted 6 digits`;
}

/** What to write so that a terminal that shows `before` shows `after`. They differ in the last line of `before` only. */
function renderChange(before: string, after: string): string {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return "\b \b".repeat(before.length - same) + after.slice(same);
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

function hintFor(whyNot?: string): string {
  const instead = whyNot?.startsWith("--no-input")
    ? "leave out --no-input"
    : "run the command in a terminal";
  return `pass the code with '--mfa-code 123456', or ${instead}`;
}

function codeOf(state: PromptState): string {
  const fail = (why: string) =>
    new MfaError(`Cannot read an MFA code for "${state.serial}": ${why}`, { hint: hintFor() });
  switch (state.outcome) {
    case "entered":
      return state.typed;
    case "interrupted":
      throw new InterruptedError("SIGINT");
    case "malformed":
      throw fail(complaint(state.typed));
    default:
      throw fail("the input ended");
  }
}
