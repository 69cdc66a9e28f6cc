/**
 * The emulator as a program: where it listens, and what it does with requests that no client sends.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { network } from "../../src/deno/network.ts";

const cli = new URL("../../cli.ts", import.meta.url).pathname;

/** An emulator from source with every permission, so that only its own checks hold it back. */
function startEmulator(address: string, words: readonly string[] = []): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", cli, "emulator", ...words],
    env: { DENO_SERVE_ADDRESS: address, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
    // One that starts where it should not would never end.
    signal: AbortSignal.timeout(30_000),
  }).spawn();
}

/** A port that nothing listens on now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/**
 * What a program says that visits the port by an address of this machine that is not loopback, as others would; "none"
 * where the machine has no such address.
 */
async function visitFromOutside(port: number): Promise<string> {
  const script = `
    const own = Deno.networkInterfaces().find(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127."));
    if (own === undefined) console.log("none");
    else {
      const response = await fetch("http://" + own.address + ":${port}/mfa-code");
      console.log(response.status + " " + (await response.text()));
    }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", script],
    env: { NO_PROXY: "*", NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

for (
  const [what, address, words, found] of [
    ["on every interface", (port: number) => `tcp:0.0.0.0:${port}`, [], "0.0.0.0:"],
    ["on another port", (port: number) => `tcp:127.0.0.1:${port}`, ["--port", "1"], "127.0.0.1:"],
    ["on IPv6", (port: number) => `tcp:[::]:${port}`, [], "::"],
    ["on a socket", () => `unix:${Deno.makeTempDirSync()}/socket`, [], ""],
  ] as const
) {
  Deno.test(`the emulator does not start where DENO_SERVE_ADDRESS puts it ${what}`, async () => {
    const { code, stdout, stderr } = await startEmulator(address(freePort()), words).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stdout)], [1, ""]);
    const message = decoder.decode(stderr);
    assertStringIncludes(message, "Cannot listen on 127.0.0.1:");
    assertStringIncludes(message, found);
  });
}

Deno.test("the emulator answers nobody else where DENO_SERVE_ADDRESS adds an address", async () => {
  const port = freePort();
  await using child = startEmulator(`duplicate,tcp:0.0.0.0:${port}`);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const url = /^STS at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(value)?.[1];
  assert(url !== undefined, value);
  assertMatch(await (await fetch(`${url}/mfa-code`)).text(), /^\d{6}\n$/);
  const visit = await visitFromOutside(port);
  if (visit !== "none") assertEquals(visit, "403");
  child.kill("SIGTERM");
  await Promise.all([reader.cancel(), child.stderr.cancel()]);
});

/** Serves an emulator here, and gives what it answers to raw bytes. */
async function answerTo(write: (connection: Deno.TcpConn) => Promise<void>): Promise<string> {
  const controller = new AbortController();
  const { handle } = createStsEmulator();
  const { port, finished } = await network.serve(handle, { port: 0, signal: controller.signal });
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const answer = firstBytes(connection);
    // It may close before it has taken everything.
    await write(connection).catch(() => {});
    return await answer;
  } finally {
    controller.abort();
    await finished;
  }
}

async function firstBytes(connection: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(4096);
  const length = await connection.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, length ?? 0));
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("a body of gigabytes is refused before it is sent", async () => {
  const answer = await answerTo(async (connection) => {
    await connection.write(
      encode("POST / HTTP/1.1\r\nHost: sts\r\nContent-Length: 3221225472\r\n\r\nAction="),
    );
  });
  assertStringIncludes(answer, "HTTP/1.1 413");
});

Deno.test("a body in chunks without an end is refused when it becomes too large", async () => {
  let sent = 0;
  const answer = await answerTo(async (connection) => {
    await connection.write(
      encode("POST / HTTP/1.1\r\nHost: sts\r\nTransfer-Encoding: chunked\r\n\r\n"),
    );
    for (; sent < 1_000; sent++) {
      await connection.write(encode(`10000\r\n${"x".repeat(65_536)}\r\n`));
    }
  });
  assertStringIncludes(answer, "HTTP/1.1 413");
  assert(sent < 1_000, "64 MB were taken");
});
