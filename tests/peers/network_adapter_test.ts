/**
 * The adapter's requests beside a proxy on loopback: which of them go around it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { network } from "../../src/deno/network.ts";
import { startProxy } from "./recording_proxy.ts";

const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const exceptions = ["NO_PROXY", "no_proxy"];

/** Sets these variables, and no other of proxies, until it is disposed. */
function variables(values: Readonly<Record<string, string>>): Disposable {
  const all = [...names, ...exceptions];
  const before = all.map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const name of all) set(name, values[name]);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) set(name, value);
    },
  };
}

/** A server on loopback that answers with a word. */
async function startServer() {
  const controller = new AbortController();
  const { port, finished } = await network.serve(() => new Response("direct"), {
    port: 0,
    signal: controller.signal,
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await finished;
    },
  };
}

Deno.test({
  name: "requests that must not use a proxy go around each that is set, and all others through it",
  // A client keeps its connections, and the first proxy of the environment, as long as the program runs.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    await using proxy = startProxy();
    await using server = await startServer();
    const get = async (isDirect?: boolean) => {
      const options = isDirect === undefined ? undefined : { isDirect };
      const response = await network.fetch(new Request(server.url), options);
      return `${response.status} ${await response.text()}`;
    };
    {
      using _set = variables({ HTTP_PROXY: proxy.url });
      assertEquals([await get(), await get(false)], ["403 ", "403 "]);
      assertEquals(proxy.asked, Array(2).fill(`GET ${server.url} HTTP/1.1`));
    }
    for (const name of names) {
      using _set = variables({ [name]: proxy.url });
      assertEquals([await get(true), proxy.asked.length], ["200 direct", 2], name);
    }
    // Where no proxy is set, or the host is excepted by name, Deno's own client does what the variables say.
    const free: readonly Readonly<Record<string, string>>[] = [
      {},
      { NO_PROXY: "example.com, 127.0.0.1 ,x" },
      { no_proxy: "127.0.0.1" },
      { NO_PROXY: "*" },
    ];
    for (const [index, values] of free.entries()) {
      using _set = variables(index === 0 ? {} : { HTTP_PROXY: proxy.url, ...values });
      assertEquals(
        [await get(true), proxy.asked.length],
        ["403 ", 3 + index],
        JSON.stringify(values),
      );
    }
    using _set = variables({ HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.10,example.com" });
    assertEquals(await get(true), "200 direct");
  },
});
