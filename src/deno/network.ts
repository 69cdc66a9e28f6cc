/**
 * The network: requests to other hosts, and servers on loopback.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import type { Network } from "../system.ts";
import { clock } from "./clock.ts";
import { env } from "./environment.ts";
import { ioError } from "./io_error.ts";

/** The port `Network`. */
export const network: Network = {
  async fetch(request, { caCerts = [], isDirect = false } = {}) {
    const client = isDirect ? directClient(new URL(request.url)) : clientFor(caCerts);
    return await (client === undefined ? fetch(request) : fetch(request, { client }));
  },
  serve(handler, { port, signal }) {
    try {
      signal.throwIfAborted();
      const { addr, finished } = startServer(handler, port, signal);
      const again = () => startServer(handler, addr.port, signal).finished;
      return Promise.resolve({
        port: addr.port,
        finished: mayListen(addr.port) ? keepListening(finished, again, signal) : finished,
      });
    } catch (error) {
      return Promise.reject(ioError(error));
    }
  },
};

/** @throws {StsavalError} when the server would listen elsewhere */
function startServer(
  handler: (request: Request) => Response | Promise<Response>,
  port: number,
  signal: AbortSignal,
): Pick<Deno.HttpServer<Deno.NetAddr>, "addr" | "finished"> {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port,
    // The signal itself: of one that is made of others, Deno 2.4 forgets that it is awaited here.
    signal,
    onListen: () => {},
    onError: () => new Response(brokenBody()),
  }, (request, { remoteAddr }) =>
    // DENO_SERVE_ADDRESS can add a second address, which only its visitors show.
    isLoopback(remoteAddr) ? handler(request) : new Response(null, { status: 403 }));
  if (isWanted(server.addr, port)) return server;
  // No request is handled before this function returns.
  server.shutdown().catch(() => {});
  throw otherAddress(server.addr, port);
}

/** Who was allowed port 0 alone is not to be asked for another one. */
function mayListen(port: number): boolean {
  const host = `127.0.0.1:${port}`;
  return Deno.permissions.querySync({ name: "net", host }).state === "granted";
}

const againMs = 1_000;

/**
 * Listens anew where Deno has ceased to: it does so for good when a connection comes while no more files can be opened,
 * which anyone on this machine can bring about, and tells of it only once all connections have ended. As long as it still
 * listens, the port is in use.
 */
async function keepListening(
  finished: Promise<void>,
  again: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const open = new Set<Promise<void>>();
  const add = (next: Promise<void>) => {
    const settled: Promise<void> = next.catch(() => {}).then(() => void open.delete(settled));
    open.add(settled);
  };
  add(finished);
  while (!signal.aborted) {
    await clock.sleep(againMs, { signal }).catch(() => {});
    try {
      if (!signal.aborted) add(again());
    } catch {
      // It still listens, or no file can be opened yet.
    }
  }
  await Promise.all(open);
}

/** `DENO_SERVE_ADDRESS` overrides the address that a program asks for, and it need not even be one of this machine. */
function isWanted(address: Deno.Addr, port: number): address is Deno.NetAddr {
  return address.transport === "tcp" && address.hostname === "127.0.0.1" &&
    (port === 0 || address.port === port);
}

function otherAddress(address: Deno.Addr, port: number): StsavalError {
  const found = "hostname" in address
    ? `${address.hostname}:${address.port}`
    : `a ${address.transport} socket`;
  return new StsavalError(
    "FAILED",
    `Cannot listen on 127.0.0.1:${port}: DENO_SERVE_ADDRESS moves the server to ${found}`,
    { hint: "unset DENO_SERVE_ADDRESS" },
  );
}

function isLoopback(address: Deno.Addr): boolean {
  return "hostname" in address && address.hostname === "127.0.0.1";
}

/** One for a list of certificates: it keeps its connections. It takes proxies from the environment, as `fetch` does. */
const clients = new Map<readonly string[], Deno.HttpClient>();

function clientFor(caCerts: readonly string[]): Deno.HttpClient | undefined {
  if (caCerts.length === 0) return undefined;
  const client = clients.get(caCerts) ?? Deno.createHttpClient({ caCerts: [...caCerts] });
  clients.set(caCerts, client);
  return client;
}

/** Clients that connect to one host and port, whatever the variables of proxies say. */
const directClients = new Map<string, Deno.HttpClient>();

/**
 * A client for the host of a URL that uses no proxy; undefined where none is set. Deno takes a connection of its own in
 * place of a proxy from 2.5 on.
 *
 * @throws {TypeError} where Deno is older, and a proxy would be used
 */
function directClient({ hostname, port, protocol }: URL): Deno.HttpClient | undefined {
  if (!proxies.some((name) => env.get(name) !== undefined) || isExempt(hostname)) return undefined;
  const address = {
    transport: "tcp",
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
  const key = `${address.hostname} ${address.port}`;
  const client = directClients.get(key) ?? createDirect(address);
  directClients.set(key, client);
  return client;
}

const proxies = [
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
  "ALL_PROXY",
  "all_proxy",
];

/** Whether the variables except the host from proxies by its name; what else they say, only Deno reads. */
function isExempt(hostname: string): boolean {
  const names = [env.get("NO_PROXY"), env.get("no_proxy")].flatMap((list) =>
    list?.split(",") ?? []
  );
  return names.some((name) => [hostname, "*"].includes(name.trim()));
}

function createDirect(address: { readonly hostname: string }): Deno.HttpClient {
  // The types of the oldest Deno do not know it.
  const options: object = { proxy: address };
  try {
    return Deno.createHttpClient(options as Deno.CreateHttpClientOptions);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(
      `this Deno cannot go around the proxy of the environment for ${address.hostname}: use Deno 2.9`,
      { cause: error },
    );
  }
}

/** A body that breaks off: the client sees a connection that was dropped. */
function brokenBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => controller.error(new Error("connection dropped")),
  });
}
