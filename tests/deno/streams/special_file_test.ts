/**
 * What is read in another thread, tried on plain files: the text arrives whole, once, and errors keep their class.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { readSpecialFile } from "../../../src/deno/streams/special_file.ts";

/** A file below .tmp that is gone afterwards. */
async function file(write: (path: string) => Promise<void>) {
  const path = `.tmp/special_${crypto.randomUUID()}`;
  await Deno.mkdir(".tmp", { recursive: true });
  await write(path);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("a text of many reads arrives whole, with its byte order mark, and is read once", async () => {
  // Longer than a read, and no character ends where one does.
  const text = `\ufeff${"é€😀\n".repeat(30_000)}end`;
  await using big = await file((path) => Deno.writeTextFile(path, text));
  assertEquals(await readSpecialFile(big.path), text);
  await Deno.writeTextFile(big.path, "new");
  assertEquals(await readSpecialFile(big.path), text, "a pipe could not be read again either");
  await using empty = await file((path) => Deno.writeTextFile(path, ""));
  assertEquals(await readSpecialFile(empty.path), "");
});

Deno.test("an error in the thread has its class, and what has no end is given up", async () => {
  await assertRejects(() => readSpecialFile(".tmp/none"), Deno.errors.NotFound);
  await assertRejects(() => readSpecialFile("src"), Deno.errors.IsADirectory);
  await using endless = await file(async (path) => {
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 64 * 1024 * 1024 + 1);
  });
  const error = await assertRejects(() => readSpecialFile(endless.path), Error, "it has no end");
  assertEquals(error.constructor, Error);
});

Deno.test({
  name: "the thread may read no more than the program",
  permissions: { read: ["."] },
  async fn() {
    await assertRejects(() => readSpecialFile("/etc/hosts"), Deno.errors.NotCapable, "/etc/hosts");
  },
});
