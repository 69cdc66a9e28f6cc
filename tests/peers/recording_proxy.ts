/**
 * A proxy on loopback that records where programs connect to, and lets nothing through: what they would call on other
 * machines is seen, and is not called.
 *
 * @module
 */

/** The proxy. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** The first line of each connection. */
  readonly asked: readonly string[];
}

/** A proxy that notes the first line of each connection and answers that it refuses. */
export function startProxy(): RecordingProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(1_024);
      const count = await connection.read(buffer) ?? 0;
      asked.push(new TextDecoder().decode(buffer.subarray(0, count)).split("\r\n")[0] ?? "");
      await connection.write(new TextEncoder().encode("HTTP/1.1 403 Forbidden\r\n\r\n"));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}
