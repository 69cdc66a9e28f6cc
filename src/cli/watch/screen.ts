/**
 * The table of `watch`, drawn in place on a terminal.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Clock, Signals, Terminal } from "../../system.ts";
import { formatWatch } from "./view.ts";

/** The ports that the screen needs. */
export interface ScreenPorts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly signals: Pick<Signals, "onResize">;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const eraseBelow = "\x1b[J";
const eraseLine = "\x1b[K";

/**
 * Draws the set each second, at each event and when the terminal is resized, until the set is halted or the signal
 * aborts.
 */
export async function drawWatch(
  ports: ScreenPorts,
  set: CredentialSet,
  signal?: AbortSignal,
): Promise<void> {
  const { terminal, clock, signals } = ports;
  let drawn = 0;
  const draw = () => {
    const text = formatWatch(set.status(), clock.now(), {
      columns: terminal.columns(),
      // The cursor ends on the line after the last one, and must be able to return to the first.
      rows: terminal.rows() - 1,
      color: true,
    });
    terminal.out(redraw(text, drawn));
    drawn = text.split("\n").length - 1;
  };
  // Handlers only wake the loop: an error in one of them could not be caught.
  let pause = new AbortController();
  const wake = () => pause.abort();
  using _resize = signals.onResize(wake);
  const halted = new AbortController();
  for (const type of ["refresh", "retry", "error"] as const) set.addEventListener(type, wake);
  const end = () => {
    halted.abort();
    wake();
  };
  set.addEventListener("halt", end);
  signal?.addEventListener("abort", end, { once: true });
  terminal.out(hideCursor);
  try {
    while (set.haltReason === undefined && !signal?.aborted) {
      pause = new AbortController();
      draw();
      // A paused terminal gets the newest table when it resumes, not all that it has missed.
      await abortable(() => terminal.flush(), halted.signal).catch(() => {});
      await clock.sleep(1_000, { signal: pause.signal }).catch(() => {});
    }
  } finally {
    terminal.out(showCursor);
  }
}

/** Returns to the first line of the last drawing, and overwrites it. */
function redraw(text: string, linesBefore: number): string {
  const back = linesBefore === 0 ? "" : `\x1b[${linesBefore}A\r`;
  return `${back}${text.replaceAll("\n", `${eraseLine}\n`)}${eraseBelow}`;
}
