/**
 * The table of `watch`, drawn in place on a terminal.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Clock, Signals } from "../../system.ts";
import type { LiveArea } from "../progress/live_area.ts";
import { formatWatch } from "./view.ts";

/** The ports that the screen needs. */
export interface ScreenPorts {
  readonly live: LiveArea;
  readonly clock: Clock;
  readonly signals: Pick<Signals, "onResize">;
  readonly color: boolean;
  /** Whether keys are read: then the last line names them. */
  readonly hasKeys: boolean;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";

/**
 * Draws the set each second, at each event and when the terminal is resized, until the set is halted or the signal
 * aborts.
 */
export async function drawWatch(
  ports: ScreenPorts,
  set: CredentialSet,
  signal?: AbortSignal,
): Promise<void> {
  const { live, clock, signals, color, hasKeys } = ports;
  const { terminal } = live;
  const draw = () => {
    const text = formatWatch(set.status(), clock.now(), {
      columns: terminal.columns(),
      // The cursor ends on the line after the last one, and must be able to return to the first.
      rows: terminal.rows() - 1,
      color,
      hasKeys,
    });
    live.draw(text, "out");
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
    live.leave();
    terminal.out(showCursor);
  }
}
