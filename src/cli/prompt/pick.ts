/**
 * Shows a picker below what the terminal shows, and removes it again. It uses no mode of the terminal that would have to
 * be restored, such as another screen or a hidden cursor, so that a program that is killed leaves nothing behind.
 *
 * @module
 */

import { InterruptedError } from "../../errors.ts";
import type { Clock, Signals, Terminal } from "../../system.ts";
import { keyEvents, redrawKey } from "./keys.ts";
import {
  type PickerItem,
  type PickerState,
  pressPickerKey,
  resizePicker,
  startPicker,
  takenNames,
  type TerminalSize,
} from "./picker.ts";
import { type PickerView, renderPicker } from "./picker_view.ts";

/** The ports of {@linkcode pick}. */
export interface PickPorts {
  readonly terminal: Pick<Terminal, "err" | "keys" | "columns" | "rows">;
  readonly signals: Pick<Signals, "onResize">;
  readonly clock: Pick<Clock, "sleep">;
}

/** How to pick. */
export interface PickOptions {
  /** Whether several may be taken. */
  readonly several: boolean;
  /** False leaves bold and dim out. */
  readonly styled: boolean;
  /** Ends it: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * The names that a person takes, at least one.
 *
 * @throws {InterruptedError} at Esc, at ctrl+c, and at the end of the input
 */
export async function pick(
  { terminal, signals, clock }: PickPorts,
  items: readonly PickerItem[],
  { several, styled, signal }: PickOptions,
): Promise<readonly string[]> {
  signal.throwIfAborted();
  const screen = new Screen(terminal, styled);
  let state = startPicker(items, { several, size: sizeOf(terminal) });
  let resized = Promise.withResolvers<void>();
  using _resize = signals.onResize(() => resized.resolve());
  try {
    screen.draw(state);
    for await (const keys of keyEvents({ terminal, clock, signal }, () => resized.promise)) {
      if (keys.includes(redrawKey)) screen.forget();
      resized = Promise.withResolvers();
      state = keys.reduce(pressPickerKey, resizePicker(state, sizeOf(terminal)));
      if (state.outcome !== "open") break;
      screen.draw(state);
    }
  } finally {
    screen.erase(sizeOf(terminal));
  }
  if (state.outcome !== "taken") throw new InterruptedError("SIGINT");
  return takenNames(state);
}

function sizeOf(terminal: Pick<Terminal, "columns" | "rows">): TerminalSize {
  return { columns: terminal.columns(), rows: terminal.rows() };
}

/** What is drawn. The cursor is always in its last line, so that whatever comes next is written below it. */
class Screen {
  readonly #terminal: Pick<Terminal, "err">;
  readonly #styled: boolean;
  #drawn: PickerView | undefined;

  constructor(terminal: Pick<Terminal, "err">, styled: boolean) {
    this.#terminal = terminal;
    this.#styled = styled;
  }

  draw(state: PickerState): void {
    const view = renderPicker(state, { styled: this.#styled });
    const lines = view.lines.map((line) => `${line}\x1b[K`).join("\r\n");
    const cursor = view.cursor > 0 ? `\x1b[${view.cursor}C` : "";
    this.#terminal.err(`${this.#toTop(state.size)}${lines}\x1b[J\r${cursor}`);
    this.#drawn = view;
  }

  erase(size: TerminalSize): void {
    if (this.#drawn !== undefined) this.#terminal.err(`${this.#toTop(size)}\x1b[J`);
    this.forget();
  }

  /** What is drawn stays, and the next drawing begins where the cursor is. */
  forget(): void {
    this.#drawn = undefined;
  }

  /** To the beginning of the first line. A terminal that became narrower has wrapped those that are too long for it. */
  #toTop({ columns }: TerminalSize): string {
    if (this.#drawn === undefined) return "\r";
    const { widths, cursor } = this.#drawn;
    const above = widths.slice(0, -1).reduce((sum, width) => sum + rowsOf(width, columns), 0);
    const up = above + Math.floor(cursor / columns);
    return up === 0 ? "\r" : `\x1b[${up}A\r`;
  }
}

function rowsOf(width: number, columns: number): number {
  return Math.max(1, Math.ceil(width / columns));
}
