/**
 * The request handler of the SDK: one exchange over our `fetch`, with a timeout on our clock. It keeps what it saw of
 * the response, since the SDK's errors do not carry all of it.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import type { Clock, Network } from "../system.ts";
import type { SeenResponse } from "./failure.ts";
import { dateOf, isStsResponse, type ReceivedResponse, requestIdOf } from "./recognition.ts";

/** The ports of an exchange. */
export interface TransportPorts {
  readonly clock: Clock;
  readonly network: Pick<Network, "fetch">;
  /** Scheme, host and port of the endpoint: where given, a request to any other is not sent. */
  readonly origin?: string | undefined;
  /** The timeout of an exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each response. */
  onResponse?(seen: SeenResponse): void;
}

/** The part of the SDK's request that is used. */
export interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The response in the form that the SDK reads. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** One for all: an error of its own for each exchange would cost more than the rest of it. */
const isDone = new DOMException("The exchange is over", "AbortError");

const decoder = new TextDecoder();

/** Headers that `fetch` sets by itself. */
const ownHeaders = new Set(["host", "content-length"]);

/** The result of an exchange. */
interface Exchanged {
  readonly response: SdkResponse;
  readonly seen: SeenResponse;
}

/** One exchange, as a request handler of the SDK makes it. */
export class Transport {
  readonly #ports: TransportPorts;
  #seen: SeenResponse | undefined;

  /** A handler over these ports. */
  constructor(ports: TransportPorts) {
    this.#ports = ports;
  }

  /** What came back; undefined until the response is complete, and if it came too late. */
  get seen(): SeenResponse | undefined {
    return this.#seen;
  }

  /** Sends the request. Rejects with a `TimeoutError`, or with whatever `fetch` rejects with. */
  async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    const { signal } = this.#ports;
    signal?.throwIfAborted();
    const [given, waited] = [new AbortController(), new AbortController()];
    const stop = () => waited.abort(signal?.reason);
    signal?.addEventListener("abort", stop);
    let whole = false;
    try {
      const exchange = this.#exchange(request, given.signal).finally(() => whole = true);
      const { response, seen } = await Promise.race([exchange, this.#limit(waited.signal)]);
      this.#seen = seen;
      this.#ports.onResponse?.(seen);
      return { response };
    } finally {
      signal?.removeEventListener("abort", stop);
      waited.abort(isDone);
      // What is over need not be ended: a runtime would tell its parts all the same.
      if (!whole) given.abort(isDone);
    }
  }

  async #exchange(request: SdkRequest, signal: AbortSignal): Promise<Exchanged> {
    const { clock, network } = this.#ports;
    const sent = clock.now();
    const response = await network.fetch(toRequest(request, this.#ports.origin, signal));
    const body = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    const seen = {
      status,
      ...readResponse({ status, headers: response.headers, text: decoder.decode(body) }, {
        sent,
        received: clock.now(),
      }),
    };
    // No header of STS tells the SDK anything, and a runtime takes its time to list them.
    return { response: { statusCode: status, headers: {}, body }, seen };
  }

  async #limit(signal: AbortSignal): Promise<never> {
    const { clock, timeoutMs } = this.#ports;
    await clock.sleep(timeoutMs, { signal, keepAlive: false });
    throw new DOMException(`no response within ${timeoutMs / 1_000} s`, "TimeoutError");
  }
}

/** The request id, and the clock skew if the response is STS's own. */
function readResponse(
  response: ReceivedResponse,
  { sent, received }: { readonly sent: number; readonly received: number },
): Pick<SeenResponse, "requestId" | "clockOffset" | "travelMs"> {
  const requestId = requestIdOf(response);
  const date = isStsResponse(response) ? dateOf(response.headers) : undefined;
  if (date === undefined) return { requestId, clockOffset: undefined };
  return { requestId, clockOffset: date - received, travelMs: Math.max(0, received - sent) };
}

function toRequest(
  request: SdkRequest,
  origin: string | undefined,
  signal: AbortSignal,
): Request {
  const { protocol, hostname, port, path, method, headers, body } = request;
  const authority = port === undefined ? hostname : `${hostname}:${port}`;
  const url = `${protocol}//${authority}${path}`;
  // What begins with the origin and a slash is of the origin; of anything else it is found out.
  const isOwn = origin === undefined || url.startsWith(`${origin}/`);
  const found = isOwn ? origin : new URL(url).origin;
  if (found !== origin) {
    throw new StsavalError("FAILED", `Cannot call "${found}": the endpoint is "${origin}"`);
  }
  // As a record: Deno reads a list of pairs by iterators, which takes longer.
  const sent: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined && !ownHeaders.has(name.toLowerCase())) sent[name] = value;
  }
  return new Request(url, {
    method,
    headers: sent,
    body: typeof body === "string" ? body : null,
    // A signed request must not be redirected to another host.
    redirect: "manual",
    signal,
  });
}
