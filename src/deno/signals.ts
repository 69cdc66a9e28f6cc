/**
 * The signals that the program is sent.
 *
 * @module
 */

import { type TerminationSignal, terminationSignals } from "../errors.ts";
import type { ForwardedSignal, Signals } from "../system.ts";

const terminating = Object.keys(terminationSignals) as TerminationSignal[];

/** The port `Signals`. */
export const signals: Signals = {
  onResize: (handler) => listen(["SIGWINCH"], handler),
  onTermination: (handler) => listen(terminating, handler),
  onForwarded: (handler) => listen<ForwardedSignal>([...terminating, "SIGCONT"], handler),
  onStrayError(handler) {
    const onError = (event: ErrorEvent) => {
      event.preventDefault();
      handler(event.error);
    };
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      handler(event.reason);
    };
    addEventListener("error", onError);
    addEventListener("unhandledrejection", onRejection);
    return {
      [Symbol.dispose]() {
        removeEventListener("error", onError);
        removeEventListener("unhandledrejection", onRejection);
      },
    };
  },
  async stopSelf() {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _continued = listen(["SIGCONT"], () => resolve());
    Deno.kill(Deno.pid, "SIGSTOP");
    await promise;
  },
};

/** Calls the handler at each of these signals that this system has, until it is disposed. */
export function listen<Name extends Deno.Signal>(
  names: readonly Name[],
  handler: (name: Name) => void,
): Disposable {
  const listening = names.map((name) => [name, () => handler(name)] as const)
    .filter(([name, listener]) => add(name, listener));
  return {
    [Symbol.dispose]() {
      for (const [name, listener] of listening) Deno.removeSignalListener(name, listener);
    },
  };
}

/** False for a signal that this system does not have. */
function add(name: Deno.Signal, listener: () => void): boolean {
  try {
    Deno.addSignalListener(name, listener);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
