/**
 * The one adapter, on a folder of its own and on loopback.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";

const { clock, env, files, network, random, terminal } = denoSystem;

/** A folder below .tmp that is gone afterwards. */
async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = `.tmp/deno_system_${random.number().toString(36).slice(2)}`;
  await Deno.mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("clock.sleep() ends when it is over, and at once when its signal aborts", async () => {
  await clock.sleep(0);
  const controller = new AbortController();
  const sleeping = clock.sleep(60_000, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => sleeping, Error, "enough");
  await assertRejects(() => clock.sleep(1, { signal: controller.signal }), Error, "enough");
});

Deno.test("a terminal has a size, also where there is none that knows it", () => {
  for (const length of [terminal.columns(), terminal.rows()]) {
    assert(Number.isInteger(length) && length > 0, String(length));
  }
});

Deno.test("random gives numbers below 1 and bytes", () => {
  assert(random.number() >= 0 && random.number() < 1);
  assertEquals(random.bytes(8).length, 8);
});

Deno.test({
  name: "env.get() takes what may not be read for what is not set",
  permissions: "none",
  fn() {
    assertEquals(env.get("HOME"), undefined);
  },
});

Deno.test("a file is replaced as a whole, with its mode, in a folder that is made", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/deep/file`;
  assertEquals(await files.readText(path), undefined);
  await files.replaceText(path, "one");
  await files.replaceText(path, "two\n", { mode: 0o600 });
  assertEquals(await files.readText(path), "two\n");
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertEquals(((await Deno.stat(`${folder.path}/deep`)).mode ?? 0) & 0o777, 0o700);
  const names = await files.list(`${folder.path}/deep`);
  assertEquals(names, ["file"], "no temporary file is left");
  await files.remove(path);
  await files.remove(path);
  assertEquals(await files.readText(path), undefined);
});

Deno.test("what cannot be read or written is told in words", async () => {
  await using folder = await scratch();
  await assertRejects(() => files.readText(folder.path), Error, "it is a folder");
  await assertRejects(() => files.replaceText(folder.path, "x"), Error);
  await files.replaceText(`${folder.path}/file`, "x");
  await assertRejects(() => files.readText(`${folder.path}/file/below`), Error, "not a folder");
});

Deno.test("serve() answers on loopback until its signal aborts, and drops what its handler throws", async () => {
  const controller = new AbortController();
  const { port, finished } = await network.serve(
    (request) => {
      if (request.url.endsWith("/drop")) throw new TypeError("dropped");
      return new Response("hello");
    },
    { port: 0, signal: controller.signal },
  );
  const url = `http://127.0.0.1:${port}`;
  assertEquals(await (await network.fetch(new Request(url))).text(), "hello");
  await assertRejects(async () => await (await network.fetch(new Request(`${url}/drop`))).text());
  await assertRejects(
    () => network.serve(() => new Response(), { port, signal: controller.signal }),
    Error,
  );
  controller.abort();
  await finished;
  await assertRejects(() => network.fetch(new Request(url)), TypeError);
});
