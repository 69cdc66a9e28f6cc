/**
 * Shows progress on a terminal where something takes more than half a second. Until then nothing of it is loaded.
 *
 * @module
 */

import type { Progress } from "../../progress.ts";
import type { Clock } from "../../system.ts";
import type { LiveArea } from "./live_area.ts";

/** What is quicker is not worth a line. */
const quietMs = 500;

/** The ports of a tracker. */
export interface TrackerPorts {
  readonly area: LiveArea;
  readonly clock: Clock;
}

/** Follows the progress of a command. */
export class ProgressTracker implements Disposable {
  readonly #ports: TrackerPorts;
  #newest: Progress | undefined;
  #shown: AbortController | undefined;

  /** Shows nothing yet. */
  constructor(ports: TrackerPorts) {
    this.#ports = ports;
  }

  /** The progress is this now; undefined where nothing is done. */
  readonly update = (progress: Progress | undefined): void => {
    this.#newest = progress;
    if (progress === undefined) return this[Symbol.dispose]();
    if (this.#shown !== undefined) return;
    this.#shown = new AbortController();
    this.#show(this.#shown.signal).catch(() => {});
  };

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#shown === undefined) return;
    this.#shown.abort();
    this.#shown = undefined;
    this.#ports.area.clear();
  }

  async #show(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    await clock.sleep(quietMs, { signal, keepAlive: false });
    const { drawProgress } = await import("./progress_line.ts");
    await drawProgress({ ...this.#ports, signal, newest: () => this.#newest });
  }
}
