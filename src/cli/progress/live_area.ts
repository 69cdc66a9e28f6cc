/**
 * The bottom of the terminal, where a table or a line is drawn over itself, while everything else is printed above it.
 *
 * @module
 */

import { displayWidth } from "../../output/width.ts";
import type { CommandSystem, PromptPlace, Terminal } from "../../system.ts";
import { delegateTerminal } from "../prompt/delegate_terminal.ts";

/** The streams of the program. */
type Stream = "out" | "err";

const eraseBelow = "\x1b[J";
const eraseLine = "\x1b[K";
// deno-lint-ignore no-control-regex -- terminals are sent control characters
const controls = /\x1b\[[0-9;?]*[A-Za-z]/g;

/**
 * Owns the bottom of the terminal. Whatever is written through `terminal` takes the drawing away first, and puts it back
 * below once a line has ended. Nothing is drawn while a line is not finished, a user is prompted or a program runs.
 */
export class LiveArea {
  /** The terminal for all others. */
  readonly terminal: Terminal;
  readonly #raw: Terminal;
  #stream: Stream = "err";
  /** What should be there. */
  #wanted = "";
  /** What is there. */
  #drawn = "";
  #holds = 0;
  #isAtLineStart = true;

  /** Draws nothing yet. */
  constructor(raw: Terminal) {
    this.#raw = raw;
    this.terminal = raw.outIsTerminal || raw.errIsTerminal ? this.#share(raw) : raw;
  }

  /** Draws text in place of the last one: lines, or a part of one. No line may be wider than the terminal. */
  draw(text: string, stream: Stream): void {
    if (stream !== this.#stream) this.#erase();
    this.#stream = stream;
    this.#wanted = text;
    // Although it may be the same: the terminal may have another size.
    this.#update();
  }

  /** Takes the drawing away. */
  clear(): void {
    this.#erase();
    this.#wanted = "";
  }

  /** Leaves the drawing where it is: what follows is printed below. */
  leave(): void {
    this.#drawn = "";
    this.#wanted = "";
  }

  /** Takes the drawing away until this is disposed: another one writes to the terminal. */
  hold(): Disposable {
    this.#holds++;
    this.#erase();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#holds--;
        this.#update();
      },
    };
  }

  /** Keys that are typed while the drawing stays. */
  keys(signal?: AbortSignal): AsyncIterable<string> {
    return this.#raw.keys(signal);
  }

  /** Holds while a program runs, or while the user is prompted on the controlling terminal. */
  around(system: CommandSystem): CommandSystem {
    if (this.terminal === this.#raw) return system;
    const { processes, terminal } = system;
    const held = <T extends { readonly exit: Promise<number> }>(start: () => T): T => {
      const hold = this.hold();
      const over = () => hold[Symbol.dispose]();
      try {
        const child = start();
        child.exit.then(over, over);
        return child;
      } catch (error) {
        over();
        throw error;
      }
    };
    const { controlling } = terminal;
    return {
      ...system,
      processes: {
        start: (...given) => held(() => processes.start(...given)),
        startPiped: (...given) => held(() => processes.startPiped(...given)),
      },
      terminal: controlling === undefined ? terminal : delegateTerminal(terminal, {
        controlling: async () => this.#promptAside(await controlling()),
      }),
    };
  }

  #promptAside(place: PromptPlace | string): PromptPlace | string {
    if (typeof place === "string") return place;
    const hold = () => this.hold();
    return {
      err: (text) => place.err(text),
      async *keys(signal) {
        using _hold = hold();
        yield* place.keys(signal);
      },
    };
  }

  #share(raw: Terminal): Terminal {
    const hold = () => this.hold();
    return delegateTerminal(raw, {
      out: (text) => this.#print("out", text),
      err: (text) => this.#print("err", text),
      async *keys(signal) {
        using _hold = hold();
        yield* raw.keys(signal);
      },
      ...(raw.controlling === undefined ? {} : { controlling: () => raw.controlling?.() ?? none }),
    });
  }

  #print(stream: Stream, text: string): void {
    if (text === "") return;
    if (!(stream === "out" ? this.#raw.outIsTerminal : this.#raw.errIsTerminal)) {
      return this.#raw[stream](text);
    }
    this.#erase();
    this.#raw[stream](text);
    const seen = text.replace(controls, "");
    if (seen !== "") this.#isAtLineStart = seen.endsWith("\n");
    this.#update();
  }

  #erase(): void {
    if (this.#drawn !== "") this.#raw[this.#stream](`${this.#backToStart()}${eraseBelow}`);
    this.#drawn = "";
  }

  #update(): void {
    if (this.#holds > 0 || !this.#isAtLineStart || this.#wanted === "") return;
    const text = this.#wanted.replaceAll("\n", `${eraseLine}\n`);
    this.#raw[this.#stream](`${this.#backToStart()}${text}${eraseBelow}`);
    this.#drawn = this.#wanted;
  }

  /** Returns the cursor to where the drawing begins. A terminal that became narrower has wrapped its lines. */
  #backToStart(): string {
    if (this.#drawn === "") return "";
    const columns = this.#raw.columns();
    const rows = this.#drawn.split("\n").map((line) =>
      Math.max(1, Math.ceil(displayWidth(line.replace(controls, "")) / columns))
    );
    const up = rows.reduce((sum, count) => sum + count, -1);
    return up === 0 ? "\r" : `\x1b[${up}A\r`;
  }
}

const none = Promise.resolve("no terminal");
