/**
 * The request handler that the SDK is given: one exchange over our `fetch`, within a time limit on our clock. It keeps
 * what it saw of the answer, since the SDK's errors do not tell all of it.
 *
 * @module
 */

import type { Clock, Network } from "../system.ts";
import type { SeenAnswer } from "./failure.ts";

/** What an exchange needs. */
export interface TransportPorts {
  readonly clock: Clock;
  readonly network: Pick<Network, "fetch">;
  /** The longest that an exchange may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each answer. */
  onAnswer?(seen: SeenAnswer): void;
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

/** The answer in the form that the SDK reads. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Headers that `fetch` sets by itself. */
const ownHeaders = new Set(["host", "content-length"]);

/** What an exchange has brought. */
interface Exchanged {
  readonly response: SdkResponse;
  readonly seen: SeenAnswer;
}

/** A request handler for one exchange. */
export class Transport {
  /** What the SDK asks of a handler. */
  readonly metadata = { handlerProtocol: "http/1.1" } as const;
  readonly #ports: TransportPorts;
  #seen: SeenAnswer | undefined;

  /** For one exchange over these ports. */
  constructor(ports: TransportPorts) {
    this.#ports = ports;
  }

  /** What came back; undefined as long as there is no whole answer, and where it came too late. */
  get seen(): SeenAnswer | undefined {
    return this.#seen;
  }

  /** Sends the request. Rejects with a `TimeoutError`, or with whatever `fetch` rejects with. */
  async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    const { signal } = this.#ports;
    const over = new AbortController();
    const ends = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    try {
      const exchange = this.#exchange(request, ends);
      const { response, seen } = await Promise.race([exchange, this.#limit(ends)]);
      this.#seen = seen;
      this.#ports.onAnswer?.(seen);
      return { response };
    } finally {
      over.abort();
    }
  }

  async #exchange(request: SdkRequest, signal: AbortSignal): Promise<Exchanged> {
    const response = await this.#ports.network.fetch(toRequest(request, signal));
    const body = new Uint8Array(await response.arrayBuffer());
    const seen = {
      status: response.status,
      requestId: response.headers.get("x-amzn-requestid") ?? requestIdIn(body),
      clockOffset: this.#offsetOf(response),
    };
    const headers = Object.fromEntries(response.headers);
    return { response: { statusCode: response.status, headers, body }, seen };
  }

  async #limit(signal: AbortSignal): Promise<never> {
    const { clock, timeoutMs } = this.#ports;
    await clock.sleep(timeoutMs, { signal, keepAlive: false });
    throw new DOMException(`no answer within ${timeoutMs / 1_000} s`, "TimeoutError");
  }

  #offsetOf(response: Response): number | undefined {
    const date = Date.parse(response.headers.get("date") ?? "");
    return Number.isNaN(date) ? undefined : date - this.#ports.clock.now();
  }
}

function toRequest(request: SdkRequest, signal: AbortSignal): Request {
  const { protocol, hostname, port, path, method, headers, body } = request;
  const authority = port === undefined ? hostname : `${hostname}:${port}`;
  return new Request(`${protocol}//${authority}${path}`, {
    method,
    headers: Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase())),
    body: typeof body === "string" ? body : null,
    // A signed request must not be carried to another host.
    redirect: "manual",
    signal,
  });
}

/** Where the header is missing, as behind some proxies, the id is in the body still. */
function requestIdIn(body: Uint8Array): string | undefined {
  return /<RequestId>([\w-]{1,128})<\/RequestId>/.exec(new TextDecoder().decode(body))?.[1];
}
