/**
 * The servers that a program under test starts: functions, by their port.
 *
 * @module
 */

import type { Listener, Network } from "../src/system.ts";

type Handler = Parameters<Network["serve"]>[0];

/** The servers that listen now. */
export class FakeServers {
  readonly #handlers = new Map<number, Handler>();
  #next = 40_001;

  /** As `Network.serve`. */
  readonly serve: Network["serve"] = (handler, { port, signal }): Promise<Listener> => {
    const own = port === 0 ? this.#next++ : port;
    if (this.#handlers.has(own)) return Promise.reject(new Error("address already in use"));
    this.#handlers.set(own, handler);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => {
      this.#handlers.delete(own);
      resolve();
    }, { once: true });
    return Promise.resolve({ port: own, finished: promise });
  };

  /** The ports that are listened on. */
  get ports(): readonly number[] {
    return [...this.#handlers.keys()];
  }

  /** Sends a request, with the `Host` that a client would send. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const { host, port } = new URL(url);
    const handler = this.#handlers.get(Number(port));
    if (handler === undefined) throw new TypeError(`connection refused: ${url}`);
    const headers = new Headers(init.headers);
    if (!headers.has("host")) headers.set("host", host);
    return await handler(new Request(url, { ...init, headers }));
  }
}
