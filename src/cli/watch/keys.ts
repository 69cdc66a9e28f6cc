/**
 * The keys of a table that is watched: one letter each, typed while it is drawn.
 *
 * @module
 */

import type { Clock } from "../../system.ts";
import type { LiveArea } from "../progress/live_area.ts";
import { keyEvents, redrawKey } from "../prompt/keys.ts";

/** What a key asks for. */
export type KeyRequest = "end" | "renew" | "code";

const requests: Readonly<Record<string, KeyRequest>> = {
  ...{ q: "end", Q: "end", r: "renew", R: "renew", l: "code", L: "code" },
  // Ctrl+c is a signal, but on systems where a terminal without echo gives it as a key.
  "\x03": "end",
};

/** Where keys are read. */
export interface KeyRequestPorts {
  readonly live: LiveArea;
  readonly clock: Pick<Clock, "sleep">;
}

/**
 * Calls `onRequest` for each key that asks for something, until the signal aborts or the input ends. Then the terminal is
 * as it was before.
 */
export async function readKeyRequests(
  { live, clock }: KeyRequestPorts,
  signal: AbortSignal,
  onRequest: (request: KeyRequest) => void,
): Promise<void> {
  try {
    for await (const keys of keyEvents({ terminal: live, clock, signal }, () => undefined)) {
      for (const key of keys) {
        // The program was stopped, and goes on: the shell has written below the table.
        if (key === redrawKey) live.leave();
        const request = Object.hasOwn(requests, key) ? requests[key] : undefined;
        if (request !== undefined) onRequest(request);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
