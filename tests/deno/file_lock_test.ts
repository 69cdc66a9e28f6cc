/**
 * The kernel's lock on a file: who waits for whom, what is left in the file, and what is no lock file.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { lockFile, lockNewFile } from "../../src/deno/file_lock.ts";
import { quickCalls } from "../../src/deno/quick_calls.ts";
import { temporaryOf } from "../../src/deno/replacement.ts";
import { denoSystem } from "../../src/deno/system.ts";

const isWindows = Deno.build.os === "windows";

/** A folder below .tmp that is gone afterwards. */
async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = `.tmp/file_lock_${denoSystem.random.number().toString(36).slice(2)}`;
  await Deno.mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const shared = { note: "reads", shared: true, signal: undefined };
const alone = { note: "writes", shared: false, signal: undefined };

/** Goes on until it holds, or until so many looks at a file have passed. */
async function holdsWithin(looks: number, path: string, isHeld: () => boolean): Promise<boolean> {
  for (let look = 0; look < looks && !isHeld(); look++) await Deno.stat(path);
  return isHeld();
}

function locksTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: isWindows, fn });
}

locksTest("a lock of one's own waits for those that are shared", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/lock`;
  const holders = [await lockFile(path, shared), await lockFile(path, shared)];
  let isHeld = false;
  const waiting = lockFile(path, alone).then((lock) => {
    isHeld = true;
    return lock;
  });
  for (const [index, holder] of holders.entries()) {
    // Each of these takes as many steps as the one that waits would.
    for (const other of ["a", "b"]) {
      using _other = await lockFile(`${folder.path}/${other}${index}`, alone);
    }
    assertEquals(isHeld, false);
    holder[Symbol.dispose]();
  }
  using _lock = await waiting;
  assertEquals(await Deno.readTextFile(path), "writes");
});

locksTest("a shared lock leaves the file as it is", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/lock`;
  await Deno.writeTextFile(path, "note of a program that was killed");
  (await lockFile(path, shared))[Symbol.dispose]();
  assertEquals(await Deno.readTextFile(path), "note of a program that was killed");
  const lock = await lockFile(path, alone);
  assertEquals(await Deno.readTextFile(path), "writes");
  lock[Symbol.dispose]();
  assertEquals(await Deno.readTextFile(path), "");
});

locksTest(
  "of many that wait for a file, one waits in the kernel: another file has its lock",
  async () => {
    await using folder = await scratch();
    const paths = Array.from({ length: 9 }, (_, index) => `${folder.path}/${index}`);
    const holders = await Promise.all(paths.map((path) => lockFile(path, shared)));
    const waiting = paths.flatMap((path) => [lockFile(path, alone), lockFile(path, alone)]);
    const ended = waiting.map((lock) => lock.then((held) => held[Symbol.dispose]()));
    // All of them have had the time to come as far as they can.
    for (let look = 0; look < 200; look++) await Deno.stat(folder.path);
    let isHeld = false;
    const other = lockFile(`${folder.path}/other`, alone).then((lock) => {
      isHeld = true;
      return lock;
    });
    const held = await holdsWithin(20_000, folder.path, () => isHeld);
    for (const holder of holders) holder[Symbol.dispose]();
    await Promise.all(ended);
    (await other)[Symbol.dispose]();
    assert(held, "it waited for those of the other files");
  },
);

locksTest("a wait in the kernel that was given up lets the next one on", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/lock`;
  const holder = await lockFile(path, shared);
  const controller = new AbortController();
  const given = lockFile(path, { ...alone, signal: controller.signal });
  using _other = await lockFile(`${folder.path}/other`, alone);
  controller.abort(new Error("halt"));
  await assertRejects(() => given, Error, "halt");
  let isHeld = false;
  const next = lockFile(path, alone).then((lock) => {
    isHeld = true;
    return lock;
  });
  holder[Symbol.dispose]();
  assert(await holdsWithin(50_000, folder.path, () => isHeld), "the turn was not passed on");
  (await next)[Symbol.dispose]();
});

locksTest("what is no regular file is not locked, and told in words", async () => {
  await using folder = await scratch();
  const signal = AbortSignal.abort(new Error("halt"));
  await assertRejects(() => lockFile(`${folder.path}/lock`, { ...alone, signal }), Error, "halt");
  assertEquals(await denoSystem.files.list(folder.path), []);
  await assertRejects(() => lockFile(folder.path, alone));
});

locksTest("the file is its owner's to read and write", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/made/lock`;
  using _lock = await lockFile(path, alone);
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
});

/** The names in a folder. */
async function namesIn(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
}

locksTest(
  "a lock whose file is new is had at once, keeps others out, and leaves one empty file",
  async () => {
    await using folder = await scratch();
    const path = await Deno.realPath(folder.path);
    const lock = await lockNewFile(`${path}/lock`, "makes it");
    assert(lock !== undefined);
    assertEquals(await Deno.readTextFile(`${path}/lock`), "makes it");
    assertEquals(((await Deno.stat(`${path}/lock`)).mode ?? 0) & 0o777, 0o600);
    assertEquals(await namesIn(path), ["lock"]);
    let isHeld = false;
    // By another path it is another queue of this process: only the kernel keeps it out.
    const waiting = lockFile(`${folder.path}/lock`, alone).then((other) => {
      isHeld = true;
      return other;
    });
    assertEquals(await holdsWithin(50, path, () => isHeld), false);
    assertEquals(await lockNewFile(`${path}/lock`, "comes too late"), undefined);
    lock[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
    assertEquals(await Deno.readTextFile(`${path}/lock`), "");
    assertEquals(await lockNewFile(`${path}/lock`, "comes too late"), undefined);
    assertEquals(await namesIn(path), ["lock"]);
  },
);

locksTest("of those who make a lock's file at the same time, one has the lock", async () => {
  await using folder = await scratch();
  const path = await Deno.realPath(folder.path);
  for (const [name, isNew] of [["seen", false], ["told", true]] as const) {
    const locks = await Promise.all(
      Array.from({ length: 20 }, () => lockNewFile(`${path}/${name}`, "makes it", { isNew })),
    );
    assertEquals(locks.filter((lock) => lock !== undefined).length, 1);
    for (const lock of locks) lock?.[Symbol.dispose]();
  }
  assertEquals(await namesIn(path), ["seen", "told"]);
});

locksTest("a lock's file is not looked for where there is known to be none", async () => {
  await using folder = await scratch();
  const path = await Deno.realPath(folder.path);
  const { lstat } = quickCalls;
  for (const [name, isNew, looks] of [["seen", false, 2], ["told", true, 1]] as const) {
    let count = 0;
    const counting = (path: string) => {
      count++;
      return lstat(path);
    };
    Object.assign(quickCalls, { lstat: counting });
    try {
      (await lockNewFile(`${path}/${name}`, "makes it", { isNew }))?.[Symbol.dispose]();
    } finally {
      Object.assign(quickCalls, { lstat });
    }
    assertEquals(count, looks, name);
  }
});

locksTest("a lock's file that has come since is left as it is", async () => {
  await using folder = await scratch();
  const path = await Deno.realPath(folder.path);
  await Deno.writeTextFile(`${path}/file`, "of another");
  for (const name of ["file", "missing/lock"]) {
    const lock = await lockNewFile(`${path}/${name}`, "comes too late", { isNew: true });
    assertEquals(lock, undefined, name);
  }
  assertEquals(await Deno.readTextFile(`${path}/file`), "of another");
  assertEquals(await namesIn(path), ["file"]);
});

locksTest(
  "no lock's file is made without a folder, or with the other name taken",
  async () => {
    await using folder = await scratch();
    const path = await Deno.realPath(folder.path);
    await Deno.writeTextFile(temporaryOf(`${path}/taken`), "of another");
    for (const name of ["missing/lock", "taken"]) {
      assertEquals(await lockNewFile(`${path}/${name}`, "makes it"), undefined, name);
    }
    // What is in its way is left over, from a program that was killed.
    using _lock = await lockFile(`${path}/taken`, alone);
  },
);

locksTest(
  "where the two names of a file are two files, its lock is no lock, and is not taken for one",
  async () => {
    await using folder = await scratch();
    const path = await Deno.realPath(folder.path);
    const { lstat } = quickCalls;
    Object.assign(quickCalls, { lstat: (name: string) => ({ ...lstat(name), ino: 1 }) });
    try {
      assertEquals(await lockNewFile(`${path}/lock`, "makes it"), undefined);
    } finally {
      Object.assign(quickCalls, { lstat });
    }
    assertEquals(await namesIn(path), ["lock"]);
    using _lock = await lockFile(`${path}/lock`, alone);
    assertEquals(await Deno.readTextFile(`${path}/lock`), "writes");
  },
);
