/**
 * The table of `watch`, drawn in place on a terminal.
 *
 * @module
 */

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

/** Draws the set each second, at each event and when the terminal is resized, until the set is halted. */
export async function drawWatch(ports: ScreenPorts, set: CredentialSet): Promise<void> {
  const { terminal, clock, signals } = ports;
  const ended = new AbortController();
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
  using _resize = signals.onResize(draw);
  for (const type of ["refresh", "retry", "error"] as const) set.addEventListener(type, draw);
  set.addEventListener("halt", () => ended.abort());
  terminal.out(hideCursor);
  try {
    while (set.haltReason === undefined) {
      draw();
      await clock.sleep(1_000, { signal: ended.signal }).catch(() => {});
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
