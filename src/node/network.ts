/**
 * Requests to other hosts. Node's own `fetch` can neither trust more certificates nor take the proxies of the environment
 * by itself, so these go through its older client, which Bun has too.
 *
 * @module
 */

import http from "node:http";
import https from "node:https";
import type { ModuleSystem } from "../system.ts";
import { agentFor } from "./agents.ts";
import { codeOf } from "./io_error.ts";

/** The port `Network`, as far as the module needs it. A redirect is not followed. */
export const network: ModuleSystem["network"] = {
  async fetch(request, { caCerts, isDirect } = {}) {
    const { signal, method, headers } = request;
    signal.throwIfAborted();
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const { request: send } = url.protocol === "https:" ? https : http;
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const agent = agentFor(url, { caCerts, isDirect });
    send(url, { agent, method, headers: Object.fromEntries(headers), signal }, resolve)
      .on("error", (error) => reject(signal.aborted ? signal.reason : connectionError(error)))
      .end(body.length === 0 ? undefined : body);
    return toResponse(await promise);
  },
};

/** These have no body, and `Response` rejects one. */
const bodiless: readonly number[] = [204, 205, 304];

function toResponse(message: http.IncomingMessage): Response {
  const { statusCode: status = 0, rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  }
  if (!bodiless.includes(status)) return new Response(bodyOf(message), { status, headers });
  message.resume();
  return new Response(null, { status, headers });
}

function bodyOf(message: http.IncomingMessage): ReadableStream<Uint8Array> {
  const parts = message[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(connectionError(error));
      }
    },
    cancel: () => void message.destroy(),
  });
}

/** As `fetch` has it, with the reason in the message. */
function connectionError(error: unknown): TypeError {
  // Several addresses were tried: one reason stands for all.
  const cause = error instanceof AggregateError ? error.errors[0] ?? error : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause);
  const isNamed = code === undefined || message.includes(code);
  return new TypeError(isNamed ? message : `${message} (${code})`, { cause });
}
