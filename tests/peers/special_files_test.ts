/**
 * The adapter with pipes, devices and links as they really are: what no test without other programs can make.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { files } from "../../src/deno/files.ts";

async function makeFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "stsaval-special-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assertEquals(success, true);
}

/** Writes to the pipe once, as `cat FILE > PIPE &` does. */
function writeOnce(path: string, text: string): Deno.ChildProcess {
  return new Deno.Command("sh", { args: ["-c", 'printf %s "$2" > "$1"', "sh", path, text] })
    .spawn();
}

Deno.test("a pipe is read once, and timers and signals come while its writer is waited for", async () => {
  await using folder = await makeFolder();
  const pipe = `${folder.path}/pipe`;
  await makePipe(pipe);
  const reading = Promise.all([files.readText(pipe), files.readText(pipe)]);
  const { promise: signalled, resolve } = Promise.withResolvers<void>();
  const onSignal = () => resolve();
  Deno.addSignalListener("SIGUSR2", onSignal);
  Deno.kill(Deno.pid, "SIGUSR2");
  await signalled;
  Deno.removeSignalListener("SIGUSR2", onSignal);
  const text = "\ufeff[profile é]\n".repeat(20_000);
  await files.replaceText(`${folder.path}/text`, text);
  const writer = new Deno.Command("sh", {
    args: ["-c", 'cat "$1" > "$2"', "sh", `${folder.path}/text`, pipe],
  }).spawn();
  assertEquals(await reading, [text, text]);
  await writer.status;
  assertEquals(await files.readText(pipe), text);
});

Deno.test("an empty pipe is an empty file, and a device without an end an error", async () => {
  await using folder = await makeFolder();
  const pipe = `${folder.path}/pipe`;
  await makePipe(pipe);
  const reading = files.readText(pipe);
  await writeOnce(pipe, "").status;
  assertEquals(await reading, "");
  assertEquals(await files.readText("/dev/null"), "");
  await assertRejects(() => files.readText("/dev/zero"), Error, "it has no end");
});

Deno.test("a pipe is no lock file, and is not waited for", async () => {
  await using folder = await makeFolder();
  await makePipe(`${folder.path}/pipe`);
  const lock = () => files.lock(`${folder.path}/pipe`, "x");
  await assertRejects(lock, Error, "it is not a regular file");
});

Deno.test("no lock's file is made where a link is, or on the way to where one leads", async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  await Deno.symlink("nowhere", `${path}/dangling`);
  await Deno.mkdir(`${path}/real`);
  await Deno.symlink("real", `${path}/linked`);
  for (const name of ["dangling", "linked/lock"]) {
    for (const isNew of [false, true]) {
      const lock = await files.lockNew?.(`${path}/${name}`, "makes it", { isNew });
      assertEquals(lock, undefined, name);
    }
  }
  assertEquals((await Array.fromAsync(Deno.readDir(`${path}/real`))).length, 0);
  // A file that is new where a link leads is made where it leads.
  await files.replaceText(`${path}/linked/file`, "written", { isNew: true });
  assertEquals(await Deno.readTextFile(`${path}/real/file`), "written");
  using lock = await files.lockNew?.(`${path}/real/lock`, "makes it");
  assertEquals(await Deno.readTextFile(`${path}/real/lock`), `${Deno.pid} makes it`);
  assertEquals(lock === undefined, false);
});

Deno.test("links are followed to where they lead, be anything there or not", async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/a/b`, { recursive: true });
  await Deno.writeTextFile(`${path}/a/b/file`, "");
  const links = [
    ["a/b/file", "one"],
    ["one", "two"],
    [`${path}/a`, "absolute"],
    ["a/b", "folder"],
    ["../../gone/there", "a/b/dangling"],
    ["circle", "circle"],
  ] as const;
  for (const [target, link] of links) await Deno.symlink(target, `${path}/${link}`);
  for (
    const [from, to] of [
      ["one", "a/b/file"],
      ["two", "a/b/file"],
      ["absolute/b/file", "a/b/file"],
      ["folder/file", "a/b/file"],
      ["folder/../new", "a/new"],
      ["folder/dangling", "gone/there"],
      ["folder/new/deep", "a/b/new/deep"],
      ["circle", "circle"],
      ["a//b/./file", "a/b/file"],
    ]
  ) {
    assertEquals(await files.target(`${path}/${from}`), `${path}/${to}`, from);
  }
  await files.replaceText(`${path}/two`, "written");
  assertEquals(await Deno.readTextFile(`${path}/a/b/file`), "written");
  assertEquals((await Deno.lstat(`${path}/two`)).isSymlink, true);
});
