/**
 * A client that asks a server of 127.0.0.1 over many connections at once, each as soon as it has the last response.
 *
 * @module
 */

import { percentile } from "../statistics.ts";

/** A server, and the bytes of the request. */
export interface Target {
  readonly port: number;
  readonly request: Uint8Array;
}

/** What a load came to. */
export interface Load {
  readonly requests: number;
  /** Requests per second. */
  readonly rate: number;
  /** Milliseconds that 99 % of the responses did not exceed. */
  readonly p99: number;
}

/** What ends a load: so many milliseconds, or so many requests. */
export interface LoadEnd {
  readonly ms?: number;
  readonly requests?: number;
}

/** The request of an SDK. */
export function requestOf(url: string, token: string): Target {
  const { host, pathname, port } = new URL(url);
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "Accept: application/json",
    "Accept-Encoding: identity",
    "User-Agent: Boto3/1.42 md/Botocore",
    `Authorization: ${token}`,
  ];
  return { port: Number(port), request: new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`) };
}

/** Asks until the end, over that many connections. */
export async function load(target: Target, connections: number, end: LoadEnd): Promise<Load> {
  const size = await sizeOfResponse(target);
  const times: number[] = [];
  const begun = performance.now();
  const isOver = () =>
    performance.now() - begun >= (end.ms ?? Infinity) || times.length >= (end.requests ?? Infinity);
  await Promise.all(
    Array.from({ length: connections }, () => askUntil(target, size, times, isOver)),
  );
  const seconds = (performance.now() - begun) / 1_000;
  return { requests: times.length, rate: times.length / seconds, p99: percentile(times, 0.99) };
}

async function askUntil(
  { port, request }: Target,
  size: number,
  times: number[],
  isOver: () => boolean,
): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(16_384);
  while (!isOver()) {
    const begun = performance.now();
    await connection.write(request);
    for (let left = size; left > 0;) {
      const count = await connection.read(buffer);
      if (count === null) throw new Error("the server closed the connection");
      left -= count;
    }
    times.push(performance.now() - begun);
  }
}

/** The bytes of one response. All have as many: nothing but the date changes. */
async function sizeOfResponse({ port, request }: Target): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(request);
  const buffer = new Uint8Array(16_384);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("the server closed the connection");
    text += new TextDecoder().decode(buffer.subarray(0, count));
    const head = text.indexOf("\r\n\r\n");
    const length = /^content-length: (\d+)\r$/im.exec(text)?.[1];
    if (head < 0) continue;
    if (!text.startsWith("HTTP/1.1 200 ")) throw new Error(text.slice(0, text.indexOf("\r")));
    const size = head + 4 + Number(length);
    if (text.length >= size) return size;
  }
}
