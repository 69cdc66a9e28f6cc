/**
 * The parts of the adapter that need more than the suite may do: links, programs and signals of this machine.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { lockFile } from "../../src/deno/file_lock.ts";
import { linkTarget, targetOrPath } from "../../src/deno/links.ts";
import { makeFolder, setMode } from "../../src/deno/modes.ts";
import { ChildWatch, sendSignal } from "../../src/deno/child_state.ts";
import { childOf, processes, spawn } from "../../src/deno/processes.ts";
import { listen, signals } from "../../src/deno/signals.ts";
import { files } from "../../src/deno/files.ts";
import { permissions } from "../../src/deno/permissions.ts";
import { ProgramError } from "../../src/errors.ts";
import { FileError } from "../../src/file_error.ts";

const posix = Deno.build.os !== "windows";

function onPosix(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !posix, fn });
}

/** A folder that is gone afterwards, by its real path. */
async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

onPosix(
  "linkTarget() follows links of files and folders, relative and absolute, to what is not there yet",
  async () => {
    await using folder = await scratch();
    const at = (name: string) => `${folder.path}/${name}`;
    await Deno.mkdir(at("real/deep"), { recursive: true });
    await Deno.writeTextFile(at("real/file"), "");
    await Deno.symlink(at("real/file"), at("absolute"));
    await Deno.symlink("real/file", at("relative"));
    await Deno.symlink("real", at("folder"));
    await Deno.symlink("../../absolute", at("real/deep/up"));
    await Deno.symlink("real/new", at("dangling"));
    await Deno.symlink("dangling", at("twice"));
    const rows = [
      ["real/file", "real/file"],
      ["absolute", "real/file"],
      ["relative", "real/file"],
      ["folder/file", "real/file"],
      ["folder/deep/up", "real/file"],
      ["folder/../real//./file", "real/file"],
      ["dangling", "real/new"],
      ["twice", "real/new"],
      ["folder/none/below", "real/none/below"],
      ["none", "none"],
    ] as const;
    for (const [name, target] of rows) {
      assertEquals(await linkTarget(at(name)), at(target), name);
      assertEquals(await targetOrPath(at(name)), at(target), name);
    }
    await Deno.symlink("circle-b", at("circle-a"));
    await Deno.symlink("circle-a", at("circle-b"));
    await assertRejects(() => linkTarget(at("circle-a")), Deno.errors.FilesystemLoop);
    assertEquals(await targetOrPath(at("circle-a")), at("circle-a"));
  },
);

onPosix("as many links as the kernel follows are followed, and no more", async () => {
  await using folder = await scratch();
  const at = (index: number) => `${folder.path}/${index}`;
  for (let index = 1; index <= 41; index++) await Deno.symlink(`${index - 1}`, at(index));
  assertEquals(await linkTarget(at(40)), at(0));
  await assertRejects(() => linkTarget(at(41)), Deno.errors.FilesystemLoop);
});

onPosix("a file is written through a link, and read where a link leads to nothing", async () => {
  await using folder = await scratch();
  const [link, target] = [`${folder.path}/link`, `${folder.path}/target`];
  await Deno.symlink("target", link);
  assertEquals(await files.readText(link), undefined);
  await files.replaceText(link, "text");
  assertEquals([await Deno.readTextFile(target), (await Deno.lstat(link)).isSymlink], [
    "text",
    true,
  ]);
  assertEquals(await permissions.pathsToRead(link), [link, target]);
  assertEquals((await permissions.pathsToReplace(link)).slice(0, 2), [link, target]);
  // A shell is here, and all programs are allowed.
  for (const name of ["/bin/sh", "/bin/cat"]) assertEquals(permissions.allows("run", name), true);
  await assertRejects(() => files.lock(link, "x"), FileError, "it is a link");
  const request = { note: "x", shared: false };
  const { message, hint } = await assertRejects(
    () => lockFile(link, { ...request, signal: undefined }),
    FileError,
  );
  assertEquals([message, hint], [
    "it is a link, wanted a file that is only a lock",
    "remove the link, once you know who made it",
  ]);
  assertEquals(await Deno.readTextFile(target), "text", "no note is written through it");
  const signal = AbortSignal.abort(new Error("halt"));
  await assertRejects(() => lockFile(link, { ...request, signal }), Error, "halt");
});

onPosix("another user's link in a folder that others can write to is refused", async () => {
  if (!await isRoot()) return;
  await using folder = await scratch();
  const link = `${folder.path}/link`;
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await Deno.symlink("file", link);
  await new Deno.Command("chown", { args: ["-h", "12345", link] }).output();
  for (
    const [mode, isRefused] of [[0o700, false], [0o755, false], [0o777, true], [
      0o1777,
      true,
    ]] as const
  ) {
    await Deno.chmod(folder.path, mode);
    if (isRefused) {
      const error = await assertRejects(() => linkTarget(link), Error, "another user's link");
      assertEquals(
        error.message.startsWith(`Cannot use "${link}": it is another user's link`),
        true,
      );
    } else assertEquals(await linkTarget(link), `${folder.path}/file`);
  }
  await new Deno.Command("chown", { args: ["-h", "0", link] }).output();
  assertEquals(await linkTarget(link), `${folder.path}/file`);
});

onPosix(
  "folders are made with their mode, whatever the umask, and what is there stays as it is",
  async () => {
    await using folder = await scratch();
    makeFolder(`${folder.path}/a/b/c`, 0o777);
    for (const name of ["a", "a/b", "a/b/c"]) {
      assertEquals(((await Deno.stat(`${folder.path}/${name}`)).mode ?? 0) & 0o777, 0o777, name);
    }
    await Deno.chmod(`${folder.path}/a`, 0o711);
    makeFolder(`${folder.path}/a`, 0o750);
    assertEquals(((await Deno.stat(`${folder.path}/a`)).mode ?? 0) & 0o777, 0o711);
    await Deno.writeTextFile(`${folder.path}/file`, "");
    assertThrows(() => makeFolder(`${folder.path}/file/x`, 0o700));
    const file = await Deno.open(`${folder.path}/file`);
    using _file = file;
    setMode(`${folder.path}/file`, 0o644, file);
    assertEquals(((await file.stat()).mode ?? 0) & 0o777, 0o644);
    await Deno.chmod(`${folder.path}/file`, 0o666);
    setMode(`${folder.path}/file`, 0o600, file);
    assertEquals(((await file.stat()).mode ?? 0) & 0o777, 0o666, "it is never narrowed here");
  },
);

/** Only root can give a file to another user. */
async function isRoot(): Promise<boolean> {
  const { stdout } = await new Deno.Command("id", { args: ["-u"] }).output();
  return new TextDecoder().decode(stdout).trim() === "0";
}

const textOf = async (stream: ReadableStream<Uint8Array>) =>
  await new Response(stream as never).text();

onPosix("a program reads what it is given, and its errors are read with its output", async () => {
  const script = "cat; echo wrong >&2; exit 3";
  const words = ["/bin/sh", "-c", script];
  const long = `${"x".repeat(200_000)}\u{1f511}`;
  const both = processes.startPiped(words, {}, { input: long, mergesErrors: true });
  const text = await textOf(both.stdout);
  assertEquals([text.includes(long), text.includes("wrong\n"), await both.exit], [true, true, 3]);
  const deaf = processes.startPiped(["/bin/sh", "-c", "exec <&-; exit 4"], {}, { input: long });
  assertEquals([await textOf(deaf.stdout), await deaf.exit], ["", 4]);
  const cut = processes.startPiped(words, {}, { input: "x", mergesErrors: true });
  await cut.stdout.cancel();
  assertEquals(await cut.exit, 3);
});

onPosix("readBytes() gives what is no text, nothing for no file, and no pipe", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/file`;
  await Deno.writeFile(path, Uint8Array.of(0, 255, 254, 10));
  assertEquals(await files.readBytes?.(path), Uint8Array.of(0, 255, 254, 10));
  assertEquals(await files.readBytes?.(`${folder.path}/none`), undefined);
  await assertRejects(
    async () => await files.readBytes?.("/dev/null"),
    Error,
    "a pipe or a device",
  );
  await assertRejects(async () => await files.readBytes?.(folder.path), Error, "it is a folder");
});

onPosix("a program gets its words and variables, and its status comes back", async () => {
  const child = processes.startPiped([
    "/bin/sh",
    "-c",
    'printf %s "$1$STSAVAL_TEST"; exit 7',
    "sh",
    "a b",
  ], {
    STSAVAL_TEST: "value",
  });
  assertEquals([await textOf(child.stdout), await child.exit], ["a bvalue", 7]);
  Deno.env.set("STSAVAL_TEST", "outer");
  for (
    const [env, status] of [[{}, 1], [{ STSAVAL_TEST: undefined }, 0], [
      { STSAVAL_TEST: "x" },
      2,
    ]] as const
  ) {
    const program = [
      "/bin/sh",
      "-c",
      'case "${STSAVAL_TEST-none}" in none) exit 0;; outer) exit 1;; x) exit 2;; esac; exit 3',
    ];
    const foreground = processes.start(program, env);
    assertEquals(await foreground.exit, status);
    assertEquals(Deno.env.get("STSAVAL_TEST"), "outer", "it is put back");
  }
  Deno.env.delete("STSAVAL_TEST");
  assertEquals(await processes.start(["/bin/true"], { STSAVAL_NONE: undefined }).exit, 0);
  assertEquals(Deno.env.get("STSAVAL_NONE"), undefined);
});

onPosix("a program that is missing is told from one that may not be executed", async () => {
  await using folder = await scratch();
  const plain = `${folder.path}/plain-tool`;
  await Deno.writeTextFile(plain, "#!/bin/sh\nexit 0\n", { mode: 0o644 });
  const codeOf = (program: string) =>
    assertThrows(() => processes.startPiped([program], {}), ProgramError).code;
  assertEquals(codeOf(`${folder.path}/none`), "PROGRAM_NOT_FOUND");
  assertEquals(codeOf(plain), "PROGRAM_NOT_EXECUTABLE");
  assertEquals(codeOf("stsaval-no-such-program"), "PROGRAM_NOT_FOUND");
  assertEquals(codeOf(""), "PROGRAM_NOT_FOUND");
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", `:${path}:${folder.path}`);
  try {
    assertEquals(codeOf("plain-tool"), "PROGRAM_NOT_EXECUTABLE");
    const started = assertThrows(() => processes.start(["plain-tool"], {}), ProgramError);
    assertEquals(started.code, "PROGRAM_NOT_EXECUTABLE");
    await Deno.chmod(plain, 0o755);
    assertEquals(await processes.start(["plain-tool"], {}).exit, 0);
  } finally {
    Deno.env.set("PATH", path);
  }
});

onPosix(
  "a signal reaches the program; one that has ended, or has a number alone, is no failure",
  async () => {
    const child = processes.startPiped(["/bin/sleep", "60"], {});
    assertEquals(child.kill("SIGTERM"), true);
    assertEquals(await child.exit, 128 + 15);
    assertEquals(child.kill("SIGTERM"), true);
    await child.stdout.cancel();
    const command = new Deno.Command("/bin/sh", { args: ["-c", "kill -40 $$"], stdin: "null" });
    assertEquals(await childOf(command.spawn()).exit, 128 + 40);
    const spawned = spawn("/bin/sh", { args: ["-c", "exit 3"], stdin: "null" });
    assertEquals(await childOf(spawned).exit, 3);
  },
);

onPosix("stopped() tells that the program was stopped, not that it runs or has ended", async () => {
  const controller = new AbortController();
  const child = processes.start(["/bin/sh", "-c", "kill -STOP $$; exit 5"], {});
  await child.stopped(controller.signal);
  const next = child.stopped(controller.signal);
  assertEquals(child.kill("SIGCONT"), true);
  assertEquals(await child.exit, 5);
  controller.abort(new Error("enough"));
  await assertRejects(() => next, Error, "enough");
});

onPosix("a watch tells of one child among others, again when it is stopped again", async () => {
  const child = new Deno.Command("/bin/sh", { args: ["-c", "read line"], stdin: "piped" }).spawn();
  const controller = new AbortController();
  const { signal } = controller;
  {
    using watch = new ChildWatch();
    for (let round = 0; round < 2; round++) {
      let isStopped = false;
      const stopped = watch.stopped(child.pid, signal).then(() => void (isStopped = true));
      // Another child that ends is no news of this one.
      await new Deno.Command("true").output();
      await new Promise((resolve) => setTimeout(resolve, 60));
      assertEquals(isStopped, false);
      assertEquals(sendSignal(child, "SIGSTOP"), true);
      await stopped;
      assertEquals(sendSignal(child, "SIGCONT"), true);
    }
    const waiting = watch.stopped(child.pid, signal);
    controller.abort(new Error("halt"));
    await assertRejects(() => waiting, Error, "halt");
  }
  assertEquals(sendSignal(child, "SIGKILL"), true);
  assertEquals((await child.status).signal, "SIGKILL");
  await child.stdin.close().catch(() => {});
  // Its end has been noticed.
  assertEquals(sendSignal(child, "SIGTERM"), true);
  const shells = await new Deno.Command("ps", { args: ["-o", "args=", "--ppid", `${Deno.pid}`] })
    .output();
  assertEquals(new TextDecoder().decode(shells.stdout).includes("while read -r pid"), false);
});

onPosix("signals are heard by name until they are heard no more", async () => {
  const heard: string[] = [];
  {
    using _listening = listen(["SIGURG", "SIGWINCH"], (name) => heard.push(name));
    using _resize = signals.onResize(() => heard.push("resize"));
    using _ends = signals.onTermination((name) => heard.push(`ends ${name}`));
    using _forwarded = signals.onForwarded((name) => heard.push(`forwards ${name}`));
    for (const name of ["SIGURG", "SIGTERM", "SIGCONT"] as const) Deno.kill(Deno.pid, name);
    Deno.kill(Deno.pid, "SIGWINCH");
    for (let turn = 0; turn < 50 && heard.length < 6; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  assertEquals(heard.toSorted(), [
    ...["SIGURG", "SIGWINCH", "ends SIGTERM", "forwards SIGCONT", "forwards SIGTERM", "resize"],
  ]);
});

onPosix("a special file is read once, and one without an end is refused", async () => {
  await using folder = await scratch();
  const pipe = `${folder.path}/pipe`;
  assertEquals((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success, true);
  assertEquals((await files.facts(pipe))?.special, true);
  const written = new Deno.Command("/bin/sh", {
    args: ["-c", `printf 'one\\ntwo é' > "$1"`, "sh", pipe],
    stdin: "null",
  }).output();
  const text = await files.readText(pipe);
  await written;
  assertEquals([text, await files.readText(pipe)], ["one\ntwo é", "one\ntwo é"]);
  assertEquals(await files.readText("/dev/null"), "");
  await assertRejects(() => files.readText("/dev/zero"), Error, "it has no end");
});

onPosix("what Deno itself refuses is told as it is", async () => {
  const error = await assertRejects(() => files.readText("/proc/self/mem"));
  assertInstanceOf(error, FileError);
  assert(error.message !== "");
});
