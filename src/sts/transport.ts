/**
 * The request handler that the SDK is given: one exchange over our `fetch`, within a time limit on our clock. It keeps
 * what it saw of the answer, since the SDK's errors do not tell all of it.
 *
 * @module
 */

import type { Clock, Network } from "../system.ts";
import type { SeenAnswer } from "./failure.ts";
import { dateOf, isAnswerOfSts, type ReceivedAnswer, requestIdOf } from "./recognition.ts";

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
    const { clock, network } = this.#ports;
    const sent = clock.now();
    const response = await network.fetch(toRequest(request, signal));
    const body = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    const seen = {
      status,
      ...readAnswer({ status, headers: response.headers, text: new TextDecoder().decode(body) }, {
        sent,
        received: clock.now(),
      }),
    };
    const headers = Object.fromEntries(response.headers);
    return { response: { statusCode: status, headers, body }, seen };
  }

  async #limit(signal: AbortSignal): Promise<never> {
    const { clock, timeoutMs } = this.#ports;
    await clock.sleep(timeoutMs, { signal, keepAlive: false });
    throw new DOMException(`no answer within ${timeoutMs / 1_000} s`, "TimeoutError");
  }
}

/** The request id, and what STS's clock said, if it was STS that answered. */
function readAnswer(
  answer: ReceivedAnswer,
  { sent, received }: { readonly sent: number; readonly received: number },
): Pick<SeenAnswer, "requestId" | "clockOffset" | "travelMs"> {
  const requestId = requestIdOf(answer);
  const date = isAnswerOfSts(answer) ? dateOf(answer.headers) : undefined;
  if (date === undefined) return { requestId, clockOffset: undefined };
  return { requestId, clockOffset: date - received, travelMs: Math.max(0, received - sent) };
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
