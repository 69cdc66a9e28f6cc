/**
 * What the adapter says of files, and the kernel's lock, on a folder of its own.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";

const { files, random } = denoSystem;
const isWindows = Deno.build.os === "windows";

/** A folder below .tmp that is gone afterwards. */
async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = `.tmp/deno_files_${random.number().toString(36).slice(2)}`;
  await Deno.mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test({
  name: "facts() says the mode and when a file was written, and nothing of nothing",
  ignore: isWindows,
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/made/file`;
    await files.replaceText(path, "text");
    const facts = await files.facts(path);
    assertEquals([facts?.mode, facts?.foreign], [0o600, false]);
    assert(Math.abs((facts?.modified ?? 0) - denoSystem.clock.now()) < 60_000);
    assertEquals((await files.facts(`${folder.path}/made`))?.mode, 0o700);
    assertEquals(await files.facts(`${folder.path}/none`), undefined);
    await assertRejects(() => files.facts(`${path}/below`), Error, "not a folder");
  },
});

Deno.test({
  name:
    "facts() gives a file another version when it is written, touched or replaced, and a folder one too",
  ignore: isWindows,
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/file`;
    const versions = new Set<string | undefined>();
    const look = async () => void versions.add((await files.facts(path))?.version);
    await files.replaceText(path, "text");
    await look();
    await look();
    assertEquals(versions.size, 1);
    await files.replaceText(path, "text");
    await look();
    await Deno.utime(path, 1, 2.345);
    await look();
    await Deno.writeTextFile(path, "more", { append: true });
    await Deno.utime(path, 1, 2.345);
    await look();
    assertEquals(versions.size, 4);
    for (const version of versions) assertMatch(version ?? "", /^\d+:\d+:[48]:\d+:\d+\.\d{3}$/);
    assertMatch([...versions].at(-1) ?? "", /:8:\d{10}:2\.345$/);
    assert((await files.facts(folder.path))?.version !== undefined);
  },
});

Deno.test("list() gives the names in a folder, and none where there is no folder", async () => {
  await using folder = await scratch();
  for (const name of ["b", "a"]) await files.replaceText(`${folder.path}/${name}`, name);
  assertEquals([...await files.list(folder.path)].sort(), ["a", "b"]);
  assertEquals(await files.list(`${folder.path}/none`), []);
  await assertRejects(() => files.list(`${folder.path}/a`), Error, "not a folder");
});

Deno.test({
  name: "lock() keeps others out until it is disposed, and says who holds it in a file of 0600",
  ignore: isWindows,
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/made/file.lock`;
    const first = await files.lock(path, "asks for a code");
    assertEquals(await files.readText(path), `${Deno.pid} asks for a code`);
    assertEquals((await files.facts(path))?.mode, 0o600);
    let isHeld = true;
    const second = files.lock(path, "assumes a role").then((lock) => {
      assert(!isHeld, "two held it at once");
      return lock;
    });
    for (let turn = 0; turn < 20; turn++) await files.facts(path);
    isHeld = false;
    first[Symbol.dispose]();
    using _lock = await second;
    assertEquals(await files.readText(path), `${Deno.pid} assumes a role`);
  },
});

Deno.test("a wait for a lock ends at once with its signal, and keeps nobody out afterwards", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/file.lock`;
  const first = await files.lock(path, "holds it");
  const controller = new AbortController();
  const waiting = files.lock(path, "waits", { signal: controller.signal });
  controller.abort(new Error("halt"));
  await assertRejects(() => waiting, Error, "halt");
  await assertRejects(
    () => files.lock(path, "waits", { signal: controller.signal }),
    Error,
    "halt",
  );
  const next = files.lock(path, "is next");
  first[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  assertEquals(await files.readText(path), "");
});

Deno.test("a lock that was released before its scope ends is released once", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/file.lock`;
  {
    const first = await files.lock(path, "is first");
    using _first = first;
    first[Symbol.dispose]();
    const second = await files.lock(path, "is second");
    using _second = second;
  }
  using _third = await files.lock(path, "is third");
  assertEquals(await files.readText(path), `${Deno.pid} is third`);
});

Deno.test("a lock that cannot be had is told in words", async () => {
  await using folder = await scratch();
  await assertRejects(() => files.lock(folder.path, "tries"), Error, "it is a folder");
});
