/**
 * What stsaval's server is compared with: `Deno.serve`, which returns one response, whoever asks. The response comes as
 * JSON in the first argument; the port is printed.
 *
 * @module
 */

const { body, headers } = JSON.parse(Deno.args[0] ?? "");
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, () => new Response(body, { headers }));
