/**
 * The wall clock, and waiting that a signal ends: by what every runtime has.
 *
 * @module
 */

import type { Clock, PlainClock, SleepOptions } from "../system.ts";

/** What `setTimeout` returns, which differs between runtimes. */
export type Timer = ReturnType<typeof setTimeout>;

/** As it was when this was loaded: who fakes the time fakes no turns. */
const loaded: PropertyDescriptor = Object.getOwnPropertyDescriptor(globalThis, "setTimeout") ??
  { value: setTimeout };

/** What it was: Deno 2.9 makes it when it is first asked for, in 4 ms, which most starts do not need. */
function laterAsLoaded(): typeof setTimeout {
  return loaded.get?.call(globalThis) ?? loaded.value;
}

/** A clock; `unref` lets the program exit while the timer is pending. */
export function createClock(unref: (timer: Timer) => void): Clock {
  return {
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
        if (!keepAlive) unref(timer);
        signal?.addEventListener("abort", stop, { once: true });
      });
    },
    nextTurn: () => new Promise((resolve) => void laterAsLoaded()(resolve, 0)),
  };
}

/** The clock of every runtime. */
export const clock: PlainClock = createClock(() => {});
