/**
 * The signals that the program is sent.
 *
 * @module
 */

import type { ForwardedSignal, Signals } from "../system.ts";

/** The port `Signals`. */
export const signals: Signals = {
  onResize(handler) {
    Deno.addSignalListener("SIGWINCH", handler);
    return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGWINCH", handler) };
  },
  onTermination(handler) {
    const interrupt = () => handler("SIGINT");
    const terminate = () => handler("SIGTERM");
    Deno.addSignalListener("SIGINT", interrupt);
    Deno.addSignalListener("SIGTERM", terminate);
    return {
      [Symbol.dispose]() {
        Deno.removeSignalListener("SIGINT", interrupt);
        Deno.removeSignalListener("SIGTERM", terminate);
      },
    };
  },
  onForwarded(handler) {
    const listeners = forwardedSignals.map((signal) => [signal, () => handler(signal)] as const);
    for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
    return {
      [Symbol.dispose]() {
        for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
      },
    };
  },
};

const forwardedSignals: readonly ForwardedSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];
