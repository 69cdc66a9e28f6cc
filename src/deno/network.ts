/**
 * The network: requests to other hosts, and servers on loopback.
 *
 * @module
 */

import type { Network } from "../system.ts";
import { ioError } from "./io_error.ts";

/** The port `Network`. */
export const network: Network = {
  fetch: (request) => fetch(request),
  serve(handler, { port, signal }) {
    try {
      const server = Deno.serve({
        hostname: "127.0.0.1",
        port,
        signal,
        onListen: () => {},
        onError: () => new Response(brokenBody()),
      }, handler);
      return Promise.resolve({ port: server.addr.port, finished: server.finished });
    } catch (error) {
      return Promise.reject(ioError(error));
    }
  },
};

/** A body that breaks off: the client sees a connection that was dropped. */
function brokenBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => controller.error(new Error("connection dropped")),
  });
}
