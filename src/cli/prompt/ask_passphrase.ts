/**
 * The prompt for a passphrase of sealed keys: without echo, on standard error or on the controlling terminal, and twice
 * where it is chosen.
 *
 * @module
 */

import { InterruptedError, StoreError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { AskPassphrase, PassphraseRequest } from "../../store/passphrase_port.ts";
import type { PromptPlace, System } from "../../system.ts";
import { keyEvents } from "./keys.ts";
import { editLine, emptyLine, textOf } from "./line.ts";
import { inPromptTurn } from "./prompt_turn.ts";

type Ports = Pick<System, "clock" | "terminal">;

/** How often two different passphrases, or none, may be typed. */
const mostAttempts = 3;
/** A thief of the file can try thousands a second: of what is shorter a warning is given. */
const shortLength = 12;

/** Asks on the terminal, one prompt after another. */
export function createPassphraseAsker(ports: Ports): AskPassphrase {
  return (request) =>
    inPromptTurn(ports.terminal, async () => {
      request.signal.throwIfAborted();
      const { terminal } = ports;
      const place = terminal.canAsk ? terminal : await terminal.controlling?.() ?? "no terminal";
      if (typeof place === "string") throw noTerminal(request, place);
      return request.isNew
        ? await askTwice(ports, place, request)
        : await askOnce(ports, place, request);
    });
}

async function askOnce(
  ports: Ports,
  place: PromptPlace,
  { file, refused, signal }: PassphraseRequest,
): Promise<string> {
  if (refused > 0) place.err("This passphrase does not open it\n");
  return await typeSecret(ports, place, `Passphrase of ${visible(file)}: `, signal);
}

async function askTwice(
  ports: Ports,
  place: PromptPlace,
  { file, signal }: PassphraseRequest,
): Promise<string> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const question = `New passphrase for ${visible(file)}: `;
    const first = await typeSecret(ports, place, question, signal);
    if (first === "") {
      place.err("An empty passphrase protects nothing\n");
      continue;
    }
    if (first.length < shortLength) {
      place.err(`It is short: ${shortLength} characters or a few words are harder to guess\n`);
    }
    if (await typeSecret(ports, place, "The same again: ", signal) === first) return first;
    place.err("The two are not the same\n");
  }
  throw new StoreError("passphrase", `Cannot seal "${file}": no passphrase was typed twice`, {
    hint: "try again",
  });
}

/** Nothing is shown of what is typed, not even its length. */
async function typeSecret(
  { clock }: Ports,
  place: PromptPlace,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  place.err(question);
  let line = emptyLine;
  for await (const keys of keyEvents({ terminal: place, clock, signal }, () => undefined)) {
    for (const key of keys) {
      if (key === "\x03" || (key === "\x04" && textOf(line) === "")) {
        place.err("\n");
        throw new InterruptedError("SIGINT");
      }
      if (key === "\r" || key === "\n" || key === "\r\n") {
        place.err("\n");
        return textOf(line);
      }
      line = editLine(line, key) ?? line;
    }
  }
  place.err("\n");
  throw new InterruptedError("SIGINT");
}

function noTerminal({ file }: PassphraseRequest, why: string): StoreError {
  return new StoreError("no-terminal", `Cannot ask for the passphrase of "${file}": ${why}`, {
    hint: why.startsWith("--no-input")
      ? "leave out --no-input"
      : "run the command in a terminal, or log in there first: 'stsaval login'",
  });
}
