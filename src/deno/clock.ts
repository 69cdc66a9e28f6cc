/**
 * The wall clock, and waiting that a signal ends.
 *
 * @module
 */

import type { Clock, SleepOptions } from "../system.ts";

/** The port `Clock`. */
export const clock: Clock = {
  now: () => Date.now(),
  sleep(ms: number, { signal, keepAlive = true }: SleepOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      if (!keepAlive) Deno.unrefTimer(timer);
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};
