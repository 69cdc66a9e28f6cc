/**
 * The ports that a server may listen on: its own, and no other.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { compiled, narrowed } from "./narrowed.ts";

const files = { "/home/kim/.aws/config": "", "/home/kim/.aws/credentials": "" };
const env = { HOME: "/home/kim" };
const answer = () => new Response(null);

async function loopbackOf(words: readonly string[], grants: readonly string[] = compiled) {
  const { left, system } = await narrowed(words, { env, files, grants });
  system.network.callOnly?.(["https://sts.amazonaws.com"]);
  const listen = async () => {
    const { signal } = new AbortController();
    return (await system.network.serve(answer, { port: 0, signal })).port;
  };
  return { left: left("net").filter((name) => name.startsWith("127.")), listen };
}

for (const words of [["serve", "dev"], ["exec", "dev", "--serve", "--", "job"]]) {
  Deno.test(`${words[0]} may listen again on the free port that it got, and reach no other`, async () => {
    const { left, listen } = await loopbackOf(words);
    const port = await listen();
    assertEquals(left, [`127.0.0.1:${port}`]);
  });
}

Deno.test("serve --imds gets two free ports", async () => {
  const { left, listen } = await loopbackOf(["serve", "dev", "--imds"]);
  assertEquals(left, [`127.0.0.1:${await listen()}`, `127.0.0.1:${await listen()}`]);
});

Deno.test("a port that was named is the only one, and a command without a server has none", async () => {
  const named = await loopbackOf(["serve", "dev", "--port", "9911"]);
  assertEquals(named.left, ["127.0.0.1:9911"]);
  assertEquals((await loopbackOf(["exec", "dev", "--", "job"])).left, []);
});

Deno.test("the files that other programs read are open to a server, and to no program that has keys", async () => {
  const own = ["--config-file", "/c", "--credentials-file", "/d"];
  const theirs = Object.keys(files);
  const openOf = async (...words: string[]) =>
    (await narrowed(words, { env, files })).left("read").filter((path) => theirs.includes(path));
  assertEquals(await openOf("serve", "dev", ...own), theirs);
  assertEquals(await openOf("exec", "dev", "--serve", ...own, "--", "job"), theirs);
  assertEquals(await openOf("exec", "dev", ...own, "--", "job"), []);
});

Deno.test("where no port but 0 was allowed, none is taken for it", async () => {
  const others = compiled.filter((grant) => !grant.startsWith("net:127.0.0.1"));
  const { left } = await loopbackOf(["serve", "dev"], [...others, "net:127.0.0.1:0"]);
  assertEquals(left, ["127.0.0.1:0"]);
});
