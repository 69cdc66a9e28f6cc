/**
 * Replacing a file: nothing that is there already is written through, all of the text reaches the disk, and no trace is
 * left.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { inFolder, replaceFile, temporaryOf, writeFlushed } from "../../src/deno/replacement.ts";
import { denoSystem } from "../../src/deno/system.ts";

/** A folder below .tmp that is gone afterwards. */
async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = `.tmp/replacement_${denoSystem.random.number().toString(36).slice(2)}`;
  await Deno.mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const names = (folder: string) => denoSystem.files.list(folder);

Deno.test("the temporary file is a new one: what another put in its place is not written to", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "old");
  await Deno.writeTextFile(temporaryOf(path), "another's");
  const planted = await Deno.open(temporaryOf(path), { read: true });
  using _planted = planted;
  await assertRejects(() => replaceFile(path, "secret", 0o600, true), Deno.errors.AlreadyExists);
  assertEquals((await planted.stat()).size, "another's".length, "still what the other wrote");
  assertEquals(await Deno.readTextFile(path), "old");
});

Deno.test("a file of which a write takes only a part is written whole, and then flushed", async () => {
  const written: number[][] = [];
  const steps: string[] = [];
  await writeFlushed({
    writeSync(bytes) {
      written.push([...bytes.subarray(0, 3)]);
      steps.push("write");
      return Math.min(3, bytes.length);
    },
    async sync() {
      await Promise.resolve();
      steps.push("sync");
    },
  }, "abcdefgh");
  assertEquals(new TextDecoder().decode(new Uint8Array(written.flat())), "abcdefgh");
  assertEquals(steps, ["write", "write", "write", "sync"]);
  const failed = new Error("no space left");
  const file = { writeSync: () => 1, sync: () => Promise.reject(failed) };
  await assertRejects(() => writeFlushed(file, "x"), Error, "no space left");
});

Deno.test({
  name:
    "the new file has the mode that was asked for, whatever the old one had, and no other is left",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/file`;
    await Deno.writeTextFile(path, "old", { mode: 0o644 });
    for (const mode of [0o600, 0o640, 0o666]) {
      await replaceFile(path, `of ${mode}`, mode, true);
      assertEquals([await Deno.readTextFile(path), ((await Deno.stat(path)).mode ?? 0) & 0o777], [
        ...[`of ${mode}`, mode],
      ]);
    }
    assertEquals(await names(folder.path), ["file"]);
    await assertRejects(() => replaceFile(folder.path, "x", 0o600, true));
    assertEquals((await names(folder.path)).length, 1);
    assertEquals(
      await names(folder.path.replace(/\/[^/]*$/, "")).then((found) =>
        found.filter((name) => name.startsWith(`${folder.path.slice(5)}.`))
      ),
      [],
    );
    // A file that was being written is free again, under its usual name.
    await replaceFile(path, "again", 0o600, true);
  },
});

Deno.test("who replaces a file twice at once has two temporary files", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/file`;
  const texts = Array.from({ length: 8 }, (_, index) => `${index}`.repeat(10_000));
  await Promise.all(texts.map((text) => replaceFile(path, text, 0o600, true)));
  assert(texts.includes(await Deno.readTextFile(path)));
  assertEquals(await names(folder.path), ["file"]);
});

Deno.test("folders are made only where they are missing, and only if that was asked for", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/a/b/file`;
  await assertRejects(() => replaceFile(path, "x", 0o600, false), Deno.errors.NotFound);
  assertEquals(await names(folder.path), []);
  await replaceFile(path, "x", 0o600, true);
  assertEquals(await Deno.readTextFile(path), "x");
  if (Deno.build.os !== "windows") {
    for (const made of ["a", "a/b"]) {
      assertEquals(((await Deno.stat(`${folder.path}/${made}`)).mode ?? 0) & 0o777, 0o700);
    }
  }
  // Any other failure is told as it is, and nothing is made.
  let tries = 0;
  const denied = () => {
    tries++;
    throw new Deno.errors.PermissionDenied("no");
  };
  const other = `${folder.path}/other/file`;
  await assertRejects(() => inFolder(other, denied), Deno.errors.PermissionDenied);
  assertEquals([tries, await names(folder.path)], [1, ["a"]]);
});
