/**
 * Output that is taken in parts, errors of files in words, terminals that are none, and permissions by their kinds.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ioError } from "../../src/deno/io_error.ts";
import { outputError, OutputQueue } from "../../src/deno/streams/output.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { OutputClosedError, StsavalError, UsageError } from "../../src/errors.ts";
import { FileError } from "../../src/file_error.ts";

const { env, files, network, signals, terminal } = denoSystem;

/** A stream that takes three bytes at a time, after what `answers` says. */
function slowStream(answers: readonly (Error | undefined)[] = []) {
  const taken: number[] = [];
  let calls = 0;
  return {
    text: () => new TextDecoder().decode(new Uint8Array(taken)),
    calls: () => calls,
    isTerminal: () => false,
    async write(bytes: Uint8Array) {
      const answer = answers[calls++];
      await Promise.resolve();
      if (answer !== undefined) throw answer;
      taken.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  };
}

Deno.test("texts are written whole and in order, and flushed() waits for all of them", async () => {
  const queue = new OutputQueue();
  const stream = slowStream();
  const errors: unknown[] = [];
  queue.write(stream, "first, é", (error) => errors.push(error));
  queue.write(stream, "; second", (error) => errors.push(error));
  await queue.flushed();
  assertEquals([stream.text(), errors], ["first, é; second", []]);
});

Deno.test("a stream that is full for now is tried again, one that fails is told once", async () => {
  const queue = new OutputQueue();
  const full = slowStream([new Deno.errors.WouldBlock("full"), new Deno.errors.WouldBlock("full")]);
  const errors: unknown[] = [];
  queue.write(full, "abcd", (error) => errors.push(error));
  await queue.flushed();
  assertEquals([full.text(), full.calls(), errors], ["abcd", 4, []]);
  const failed = new Error("no space");
  const broken = slowStream([undefined, failed]);
  queue.write(broken, "abcdef", (error) => errors.push(error));
  queue.write(full, "!", (error) => errors.push(error));
  await queue.flushed();
  assertEquals([broken.text(), full.text(), errors], ["abc", "abcd!", [failed]]);
});

Deno.test("output that was closed is told from output that cannot be written", () => {
  const at = (isTerminal: boolean) => ({ isTerminal: () => isTerminal });
  const gone = Object.assign(new Error("I/O"), { code: "EIO" });
  for (const isTerminal of [true, false]) {
    const broken = new Deno.errors.BrokenPipe("pipe");
    assertInstanceOf(outputError(broken, at(isTerminal)), OutputClosedError);
    const full = outputError(Object.assign(new Error("x"), { code: "ENOSPC" }), at(isTerminal));
    assert(full instanceof StsavalError && !(full instanceof OutputClosedError));
    assertEquals([full.message, full.code], [
      ...["Cannot write the result: no space left on device", "FAILED"],
    ]);
  }
  const closed = outputError(gone, at(true));
  assertInstanceOf(closed, OutputClosedError);
  assertEquals(closed.cause, gone);
  assertEquals(outputError(gone, at(false)) instanceof OutputClosedError, false);
  assertEquals(outputError("EIO", at(true)) instanceof OutputClosedError, false);
});

Deno.test("errors of files are told in words, by their number, else by their class", () => {
  const rows: readonly (readonly [unknown, string, string | undefined])[] = [
    [new Deno.errors.PermissionDenied("x"), "permission denied", "EACCES"],
    [new Deno.errors.IsADirectory("x"), "it is a folder", "EISDIR"],
    [new Deno.errors.NotADirectory("x"), "a part of the path is not a folder", "ENOTDIR"],
    [new Deno.errors.FilesystemLoop("x"), "its links lead in a circle", "ELOOP"],
    [new Deno.errors.NotFound("x"), "no such file or folder", "ENOENT"],
    [new Deno.errors.BrokenPipe("x"), "its reader has closed it", "EPIPE"],
    [new Deno.errors.NotSupported("x"), "the file system does not support it", "ENOTSUP"],
    [Object.assign(new Error("x"), { code: "EROFS" }), "the file system is read-only", "EROFS"],
    [
      Object.assign(new Deno.errors.NotFound("x"), { code: "EIO" }),
      "the device failed to read or write",
      "EIO",
    ],
    [new Deno.errors.InvalidData("x"), "it is not UTF-8 text", undefined],
    [new Deno.errors.NotCapable("Requires read access"), "Requires read access", undefined],
    [Object.assign(new Error("odd"), { code: "EODD" }), "odd", undefined],
    ["just text", "just text", undefined],
  ];
  for (const [error, message, code] of rows) {
    const found = ioError(error);
    assertInstanceOf(found, FileError);
    assertEquals([found.message, found.code, found.cause], [message, code, error]);
  }
  const own = [new FileError("mine"), new UsageError("mine")];
  for (const error of own) assert(Object.is(ioError(error), error));
});

Deno.test("where nothing is a terminal, there is a size all the same", () => {
  if (terminal.outIsTerminal) return;
  assertEquals([terminal.columns(), terminal.rows()], [80, 24]);
  assertEquals(terminal.canAsk, Deno.stdin.isTerminal() && Deno.stderr.isTerminal());
});

Deno.test("an empty variable is none, and one that was set is read", () => {
  Deno.env.set("AWS_STSAVAL_TEST", "value");
  assertEquals(env.get("AWS_STSAVAL_TEST"), "value");
  Deno.env.set("AWS_STSAVAL_TEST", "");
  assertEquals(env.get("AWS_STSAVAL_TEST"), undefined);
  Deno.env.delete("AWS_STSAVAL_TEST");
  assertEquals(env.get("AWS_STSAVAL_TEST"), undefined);
});

Deno.test("onStrayError() hears of what nobody caught, until it is disposed", async () => {
  const heard: unknown[] = [];
  const first = new Error("nobody caught it");
  {
    using _stray = signals.onStrayError((error) => heard.push(error));
    Promise.reject(first);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const event = new ErrorEvent("error", { error: first, cancelable: true });
    dispatchEvent(event);
    assertEquals([heard, event.defaultPrevented], [[first, first], true]);
  }
  const event = new ErrorEvent("error", { error: first, cancelable: true });
  dispatchEvent(event);
  assertEquals([heard.length, event.defaultPrevented], [2, false]);
});

Deno.test("a server on loopback hands each request on, and says where it cannot listen", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const { port, finished } = await network.serve((request) => new Response(request.method), {
    port: 0,
    signal,
  });
  const url = `http://127.0.0.1:${port}`;
  for (const method of ["GET", "POST"]) {
    const response = await network.fetch(new Request(url, { method }));
    assertEquals([response.status, await response.text()], [200, method]);
  }
  const error = await assertRejects(() => network.serve(() => new Response(), { port, signal }));
  assertInstanceOf(error, FileError);
  controller.abort();
  await finished;
});

Deno.test("facts(), readText() and list() say what is there, and remove() takes what is not for done", async () => {
  const folder = `.tmp/adapter_${denoSystem.random.number().toString(36).slice(2)}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    const path = `${folder}/file`;
    await files.replaceText(path, "é\n", { mode: 0o640 });
    assertEquals(await files.readText(path), "é\n");
    const facts = await files.facts(path);
    const { mode, special, foreign } = facts ?? {};
    assertEquals([special, foreign], [false, false]);
    if (Deno.build.os !== "windows") assertEquals(mode, 0o640);
    const { dev, ino, mtime } = await Deno.stat(path);
    assertEquals([facts?.id, facts?.modified], [`${dev}:${ino}`, mtime?.getTime()]);
    assertEquals((await files.facts(folder))?.special, false);
    for (const name of ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]) {
      const { special, mode, foreign, modified } = await files.facts(name) ?? {};
      assertEquals([special, mode, foreign, modified], [true, undefined, false, 0]);
    }
    await Deno.writeFile(path, new Uint8Array([0xff, 0xfe, 0x80]));
    const broken = await files.readText(path).catch((error: Error) => error.message);
    assert(broken === "it is not UTF-8 text" || broken?.includes("\ufffd"), broken);
    assertEquals(await files.target(path), path);
    await assertRejects(() => files.remove(folder), FileError);
    await files.remove(path);
    await files.remove(path);
    assertEquals(await files.list(folder), []);
    await assertRejects(
      () => files.replaceText(`${folder}/none/file`, "x", { makeFolders: false }),
      FileError,
      "no such file or folder",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("locks that are shared are held together, one that is not waits for all of them", async () => {
  const folder = `.tmp/locks_${denoSystem.random.number().toString(36).slice(2)}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    const path = `${folder}/lock`;
    const shared = await Promise.all([1, 2].map(() => files.lock(path, "reads", { shared: true })));
    assertEquals(await files.readText(path), "", "a shared lock leaves no note");
    let isHeld = false;
    const alone = files.lock(path, "writes").then((lock) => {
      isHeld = true;
      return lock;
    });
    for (const lock of shared) {
      for (let turn = 0; turn < 10; turn++) await files.facts(path);
      assertEquals(isHeld, false);
      lock[Symbol.dispose]();
    }
    const lock = await alone;
    assertEquals(await files.readText(path), `${Deno.pid} writes`);
    lock[Symbol.dispose]();
    assertEquals(await files.readText(path), "");
    const longer = await files.lock(path, "writes what is much longer than the next note");
    longer[Symbol.dispose]();
    using _short = await files.lock(path, "x");
    assertEquals(await files.readText(path), `${Deno.pid} x`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
