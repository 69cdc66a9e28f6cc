/**
 * Waits until everything that can go on without the test has gone on.
 *
 * @module
 */

import { nextTick } from "node:process";
import { setImmediate } from "node:timers";

/** The part of Deno's core that Deno's own `beforeExit` event rests on; there is no public way to ask. */
interface DenoCore {
  /** True while a promise waits for a thread, an import, a timer, a socket: for anything but the program itself. */
  eventLoopHasMoreWork(): boolean;
}

const core = (Deno as unknown as Record<symbol, { readonly core: DenoCore }>)[
  (Deno as unknown as { readonly internal: symbol }).internal
]?.core;

/**
 * Resolves when the event loop has nothing left to do: what was started has ended, or waits for a fake that the test
 * moves (a virtual clock, a deferred promise, a scripted program). However slow the machine is, cryptography, imports,
 * streams and promises are waited for, and no number of turns is assumed. Where a real timer, server or program is
 * open, it is waited for as well, so a test that has one waits for the thing itself instead.
 */
export async function settle(): Promise<void> {
  if (core === undefined) throw new Error("this Deno does not tell whether it has work left");
  // A second quiet turn: what has ended in the first one may have begun something else.
  for (let quiet = 0; quiet < 2;) {
    await (core.eventLoopHasMoreWork() ? soon() : immediately());
    quiet = core.eventLoopHasMoreWork() ? 0 : quiet + 1;
  }
}

/** The same for a program that waits for nothing but promises, such as a simulation of many days: it takes microseconds. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}

/** A turn of the event loop, in which every promise that can be settled is. */
function immediately(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** The same, a millisecond later, so that other threads get the processor. */
function soon(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
