/**
 * The controlling terminal, for prompts where standard input or standard error leads elsewhere. Deno cannot open
 * `/dev/tty` for writing once it is narrowed, so a helper does.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import type { Clock, Helper, Helpers, PromptPlace } from "../../system.ts";

/**
 * Prints a NUL once it has the terminal, and another one each time that it has restored it. Requests are lines: `raw`,
 * `print TEXT`, `keys` (what is typed goes to standard output from then on), `end`. Signals from the terminal are for
 * the program; the helper ends with its standard input.
 */
const script = `
trap '' HUP INT QUIT TERM PIPE
PATH=/usr/bin:/bin:$PATH
{ exec 3<>/dev/tty; } 2>/dev/null || exit 1
saved=$(stty -g <&3) || exit 1
reader=
restore() {
  if [ -n "$reader" ]; then kill -9 "$reader"; wait "$reader"; fi
  reader=
  stty "$saved" <&3
}
trap restore EXIT
printf '\\0'
while read -r verb text; do
  case $verb in
    raw) stty -icanon -echo -isig min 1 time 0 <&3 ;;
    print) printf '%b' "$text" >&3 ;;
    keys) cat <&3 & reader=$! ;;
    end) restore; printf '\\0' ;;
  esac
done
`;

/** How long the helper may take to restore the terminal when the program ends. */
const closeMs = 1_000;

/** The controlling terminal. */
export class ControllingTerminal implements PromptPlace {
  readonly #helper: Helper;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #chunk: Promise<string | undefined> | undefined;
  #opened: Promise<boolean> | undefined;
  #asks = false;
  /** What is printed once the terminal shows nothing that is typed. */
  #held = "";

  /** Starts the helper; nothing is done to the terminal before the first prompt. */
  constructor(helpers: Helpers) {
    this.#helper = helpers.start(script);
    this.#output = this.#helper.stdout.getReader();
  }

  /** Whether there is a controlling terminal. */
  open(): Promise<boolean> {
    return this.#opened ??= this.#next().then((text) => text !== undefined);
  }

  err(text: string): void {
    if (this.#asks) void this.#print(text);
    else this.#held += text;
  }

  async *keys(signal?: AbortSignal): AsyncGenerator<string> {
    await this.open();
    this.#asks = true;
    void this.#helper.send("raw\n");
    void this.#printHeld();
    void this.#helper.send("keys\n");
    try {
      while (true) {
        const text = await abortable(() => this.#peek(), signal);
        if (text === undefined) return;
        this.#chunk = undefined;
        yield text;
      }
    } finally {
      await this.#restore();
    }
  }

  /** Restores the terminal and ends the helper. */
  async close(clock: Clock): Promise<void> {
    await this.#printHeld();
    await this.#helper.close();
    const done = new AbortController();
    const { signal } = done;
    const overdue = clock.sleep(closeMs, { signal, keepAlive: false }).catch(() => {});
    await Promise.race([this.#helper.exit, overdue]);
    done.abort();
  }

  async #restore(): Promise<void> {
    this.#asks = false;
    await this.#helper.send("end\n");
    let text = await this.#next();
    // What was typed since is dropped, as with any prompt.
    while (text !== undefined && !text.includes("\0")) text = await this.#next();
  }

  async #printHeld(): Promise<void> {
    const text = this.#held;
    this.#held = "";
    if (text !== "") await this.#print(text);
  }

  #print(text: string): Promise<void> {
    return this.#helper.send(`print ${escapeForPrintf(text)}\n`);
  }

  /** What the helper printed next; undefined when it has ended. A wait that was aborted loses nothing. */
  #peek(): Promise<string | undefined> {
    return this.#chunk ??= this.#output.read().then(({ value }) =>
      value && this.#decoder.decode(value, { stream: true })
    );
  }

  async #next(): Promise<string | undefined> {
    const text = await this.#peek();
    this.#chunk = undefined;
    return text;
  }
}

/** One word of letters, digits and octal escapes, which `printf '%b'` turns into the text. */
function escapeForPrintf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}
