/**
 * Attacks on a server on a real socket. What each comes to stands in SECURITY.md.
 *
 * @module
 */

import { assert, assertStringIncludes } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createServer } from "../../src/server/credential_server.ts";
import { serving, someCredentials } from "./served.ts";
import { attacks, request, send, type ServerAddress } from "./server_attacks.ts";

const security = await Deno.readTextFile(new URL("../../SECURITY.md", import.meta.url));

interface Bench extends AsyncDisposable, ServerAddress {
  stop(): Promise<void>;
}

async function listen(port = 0): Promise<Bench> {
  const controller = new AbortController();
  let handle = (_: Request) => new Response(null, { status: 503 });
  const { signal } = controller;
  const listener = await denoSystem.network.serve((r) => handle(r), { port, signal });
  const server = createServer(serving({ dev: someCredentials() }), { port: listener.port });
  handle = server.handle;
  const stop = async () => {
    controller.abort();
    await listener.finished;
  };
  const { pathname } = new URL(server.variables("dev")["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "");
  return {
    ...{ port: listener.port, token: server.token, path: pathname, stop },
    [Symbol.asyncDispose]: stop,
  };
}

/** The row of SECURITY.md says the same. */
function assertRow(what: string, result: string): void {
  assertStringIncludes(security, `| ${what} | ${result} |`);
}

Deno.test("a server gives its credentials to a request with its token, path and host", async () => {
  await using bench = await listen();
  assertStringIncludes(await send(bench.port, request(bench)), "ASIAEXAMPLEEXAMPLE00");
});

for (const [what, status, make] of attacks) {
  Deno.test(`a server refuses ${what}`, async () => {
    await using bench = await listen();
    await using other = await listen();
    const answer = await send(bench.port, make(bench, other));
    assertStringIncludes(answer, `HTTP/1.1 ${status} `);
    assert(!/access-control|ASIA/i.test(answer), answer);
    assertRow(what, String(status));
  });
}

Deno.test("a megabyte of headers is cut off, and others are answered", async () => {
  await using bench = await listen();
  const answer = await send(bench.port, request(bench, { "X-A": "a".repeat(1 << 20) }));
  assert(!answer.includes("ASIA"), "it was answered");
  assertStringIncludes(await send(bench.port, request(bench)), "ASIAEXAMPLEEXAMPLE00");
  assertRow("a megabyte of headers", "431, or the connection is closed");
});

Deno.test("idle connections stop nobody else", async () => {
  await using bench = await listen();
  const idle: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 500; count++) {
      idle.push(await Deno.connect({ hostname: "127.0.0.1", port: bench.port }));
    }
    assertStringIncludes(await send(bench.port, request(bench)), "ASIAEXAMPLEEXAMPLE00");
  } finally {
    for (const connection of idle) connection.close();
  }
});

Deno.test("who takes over the port later gets a token that opens nothing, and never sees the path's secret again", async () => {
  const first = await listen();
  await first.stop();
  await using next = await listen(first.port);
  assert(next.token !== first.token && next.path !== first.path);
  const answer = await send(next.port, request({ ...next, token: first.token, path: first.path }));
  assertStringIncludes(answer, "HTTP/1.1 401 ");
  assertRow("a port that is taken over after the server has ended", "a token that opens nothing");
});
