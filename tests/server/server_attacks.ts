/**
 * Attacks on a credential server that runs, each a request as bytes. What each comes to stands in SECURITY.md.
 *
 * @module
 */

/** What leads to a server. */
export interface ServerAddress {
  readonly port: number;
  readonly token: string;
  /** The path of a profile. */
  readonly path: string;
}

/** Sends these bytes, and reads the answer to its end. */
export async function send(port: number, text: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = new Response(connection.readable).text().catch((error) => error.name);
  await new Blob([text]).stream().pipeTo(connection.writable, { preventClose: true })
    .catch(() => {});
  const read = await answer;
  try {
    connection.close();
  } catch {
    // The server has closed it.
  }
  return read;
}

/** The bytes of a request, with other headers than an SDK's, or another first line; an empty header is left out. */
export function request(
  server: ServerAddress,
  changes: Readonly<Record<string, string>> = {},
  line?: string,
): string {
  const headers = {
    Host: `127.0.0.1:${server.port}`,
    Authorization: server.token,
    Connection: "close",
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === "" ? [] : [`${name}: ${value}`]
  );
  return [line ?? `GET ${server.path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

type Make = (server: ServerAddress, other: ServerAddress) => string;

/** The attacks, by their words in SECURITY.md, with the status that each gets. */
export const attacks: readonly (readonly [what: string, status: number, make: Make])[] = [
  ["no token", 401, (server) => request(server, { Authorization: "" })],
  ["a wrong token", 401, (server) => request(server, { Authorization: "x".repeat(43) })],
  [
    "the token of another server",
    401,
    (server, other) => request(server, { Authorization: other.token }),
  ],
  [
    "the path of another server",
    404,
    (server, other) => request(server, {}, `GET ${other.path} HTTP/1.1`),
  ],
  [
    "a name that was rebound to 127.0.0.1",
    403,
    (server) => request(server, { Host: `evil.example:${server.port}` }),
  ],
  [
    "a request line in absolute form, for another host",
    403,
    (server) => request(server, {}, `GET http://evil.example${server.path} HTTP/1.1`),
  ],
  [
    "a page of a browser, by its Origin",
    403,
    (server) => request(server, { Origin: "https://evil.example" }),
  ],
  [
    "a page of a browser, by Sec-Fetch-Site",
    403,
    (server) => request(server, { "Sec-Fetch-Site": "cross-site" }),
  ],
  [
    "a preflight",
    403,
    (server) =>
      request(
        server,
        { "Access-Control-Request-Method": "GET" },
        `OPTIONS ${server.path} HTTP/1.1`,
      ),
  ],
  [
    "a request that a proxy passes on (X-Forwarded-For)",
    403,
    (server) => request(server, { "X-Forwarded-For": "10.0.0.1" }),
  ],
];
