import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Edit,
  editSharedFile as edit,
  readWhole,
} from "../../../src/config/file/edit_shared_file.ts";
import { ConfigError, InterruptedError, StsavalError } from "../../../src/errors.ts";
import { MemoryFiles } from "../../fake_system.ts";

const path = "/home/kim/.aws/credentials";
const leftover = `${path}.0b7e1f9c-1111-4222-8333-444455556666.tmp`;

const append: Edit = (text) => `${text ?? ""}+`;

/** With the kernel's lock, and no more patience than the signal has. */
function editSharedFile(files: MemoryFiles, name: string, change: Edit, signal?: AbortSignal) {
  return edit(files, name, change, (file) => files.lock(file, "test", { signal }));
}

/** Files that somebody else writes to: `meanwhile` is called before each read, with its number. */
class SharedFiles extends MemoryFiles {
  reads = 0;
  readonly meanwhile: (read: number, files: MemoryFiles) => void;

  constructor(
    contents: Record<string, string>,
    meanwhile: (read: number, files: MemoryFiles) => void,
  ) {
    super(contents);
    this.meanwhile = meanwhile;
  }

  override readText(name: string): Promise<string | undefined> {
    this.meanwhile(++this.reads, this);
    return super.readText(name);
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("editSharedFile() gives the file its new text with mode 0600, and keeps the lock's file", async () => {
  const files = new MemoryFiles({ [path]: "a" });
  await editSharedFile(files, path, append);
  assertEquals([...files.contents], [[path, "a+"], [`${path}.lock`, ""]]);
  assertEquals(files.modes.get(path), 0o600);
});

test("editSharedFile() makes the file where there is none, and removes it where the text is undefined", async () => {
  const files = new MemoryFiles();
  await editSharedFile(files, path, append);
  assertEquals(files.contents.get(path), "+");
  await editSharedFile(files, path, () => undefined);
  assert(!files.contents.has(path));
});

test("editSharedFile() touches nothing where nothing changes", async () => {
  const files = new MemoryFiles({ [path]: "a" });
  await editSharedFile(files, path, (text) => text);
  await editSharedFile(files, "/home/kim/none", (text) => text);
  await editSharedFile(files, path, (text) => `${text}`.trim());
  assertEquals([...files.contents.keys()], [path]);
  assertEquals(files.modes.size, 0);
});

test("editSharedFile() keeps what another program wrote after the first read, and after the second", async () => {
  for (const moment of [2, 3]) {
    const files = new SharedFiles({ [path]: "a" }, (read, { contents }) => {
      if (read === moment) contents.set(path, "other");
    });
    await editSharedFile(files, path, append);
    assertEquals(files.contents.get(path), "other+");
  }
});

test("editSharedFile() writes nothing where another program has done the same meanwhile", async () => {
  const files = new SharedFiles({ [path]: "a" }, (read, { contents }) => {
    if (read === 2) contents.set(path, "b");
  });
  await editSharedFile(files, path, () => "b");
  assertEquals(files.modes.size, 0);
});

test("editSharedFile() gives up on a file that changes all the time, and leaves it alone", async () => {
  const files = new SharedFiles({}, (read, { contents }) => contents.set(path, `change ${read}`));
  await assertRejects(
    () => editSharedFile(files, path, append),
    StsavalError,
    `Cannot change "${path}": another program keeps changing it`,
  );
  // Once before the lock, then twice for each of ten attempts.
  assertEquals(files.reads, 21);
  assertEquals(files.modes.size, 0);
});

test("editSharedFile() waits for whoever holds the lock, and both changes stay", async () => {
  const files = new MemoryFiles({ [path]: "a" });
  const lock = await files.lock(`${path}.lock`, "test");
  const edits = Promise.all([
    editSharedFile(files, path, append),
    editSharedFile(files, path, append),
  ]);
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  files.contents.set(path, "b");
  lock[Symbol.dispose]();
  await edits;
  assertEquals(files.contents.get(path), "b++");
});

test("editSharedFile() stops waiting when the signal aborts, with its reason", async () => {
  const files = new MemoryFiles({ [path]: "a" });
  using _lock = await files.lock(`${path}.lock`, "test");
  const controller = new AbortController();
  const edit = editSharedFile(files, path, append, controller.signal);
  controller.abort(new InterruptedError());
  await assertRejects(() => edit, InterruptedError);
  assertEquals(files.contents.get(path), "a");
});

test("editSharedFile() removes what killed writers of this file left, and nothing else", async () => {
  const others = [`${path}.tmp`, `${path}.0b7e1f9c.tmp`, `${path}.bak`, `${leftover}x`, "/tmp/b"];
  const files = new MemoryFiles(
    Object.fromEntries([path, leftover, ...others].map((name) => [name, "a"])),
  );
  await editSharedFile(files, path, append);
  assertEquals([...files.contents.keys()], [path, ...others, `${path}.lock`]);
});

test("editSharedFile() looks for what was left in the right folder", async () => {
  const cases = [["credentials", "."], ["/credentials", "/"], ["./a/b", "./a"]] as const;
  for (const [name, folder] of cases) {
    const asked: string[] = [];
    const files = new MemoryFiles();
    files.list = (path) => {
      asked.push(path);
      return Promise.resolve([]);
    };
    await editSharedFile(files, name, append);
    assertEquals(asked, [folder]);
  }
});

test("editSharedFile() says why a file cannot be locked, written, or removed", async () => {
  const refusal = () => Promise.reject(new Error("permission denied"));
  for (const method of ["lock", "replaceText", "remove"] as const) {
    const files = Object.assign(new MemoryFiles({ [path]: "a" }), { [method]: refusal });
    const change: Edit = method === "remove" ? () => undefined : append;
    const error = await assertRejects(() => editSharedFile(files, path, change), StsavalError);
    assertEquals(error.message, `Cannot write "${path}": permission denied`);
  }
});

test("readWhole() says why a file cannot be read", async () => {
  const files = new MemoryFiles({ [path]: new Error("it is a folder") });
  await assertRejects(() => readWhole(files, path), ConfigError, `Cannot read "${path}": it is a`);
});

test("readWhole() refuses text that would not be written back as the same bytes", async () => {
  const files = new MemoryFiles({ [path]: "[a]\n# caf\ufffd\n" });
  await assertRejects(
    () => readWhole(files, path),
    ConfigError,
    `Cannot change "${path}", line 2: found a byte that is not UTF-8, which would be lost`,
  );
  const first = new MemoryFiles({ [path]: "\n\ufffd\n" });
  await assertRejects(() => readWhole(first, path), ConfigError, "line 2: found");
  const second = new MemoryFiles({ [path]: "\ufffd\n" });
  await assertRejects(() => readWhole(second, path), ConfigError, "line 1: found");
});

test("editSharedFile() takes the lock of the file that a link leads to, and clears away what lies there", async () => {
  const target = "/home/kim/dotfiles/aws";
  const stale = `${target}.0b7e1f9c-1111-4222-8333-444455556666.tmp`;
  const files = new MemoryFiles({ [target]: "a", [stale]: "keys" });
  files.links.set(path, target);
  await editSharedFile(files, path, append);
  assertEquals([...files.contents.keys()], [target, `${target}.lock`]);
});

test("editSharedFile() removes the file that a link leads to, not the link", async () => {
  const target = "/home/kim/dotfiles/aws";
  const files = new MemoryFiles({ [target]: "a" });
  files.links.set(path, target);
  await editSharedFile(files, path, () => undefined);
  assertEquals([...files.contents.keys()], [`${target}.lock`]);
});

test("editSharedFile() replaces no pipe and no device", async () => {
  const files = new MemoryFiles({ [path]: "a" });
  files.said.set(path, { special: true });
  await assertRejects(() => editSharedFile(files, path, append), ConfigError, "wanted a file");
  assertEquals(files.contents.get(path), "a");
});

test("editSharedFile() says what is wrong with the code FAILED, the place and whatever was thrown", async () => {
  const busy = new SharedFiles({}, (read, { contents }) => contents.set(path, `change ${read}`));
  const refusing = Object.assign(new MemoryFiles({ [path]: "a" }), {
    replaceText: () => Promise.reject("no space"),
  });
  for (const files of [busy, refusing]) {
    const error = await assertRejects(() => editSharedFile(files, path, append), StsavalError);
    assertEquals(error.code, "FAILED");
    if (files === refusing) assertEquals(error.message, `Cannot write "${path}": no space`);
  }
  const pipe = new MemoryFiles({ [path]: "a" });
  pipe.said.set(path, { special: true });
  const error = await assertRejects(() => readWhole(pipe, path), ConfigError);
  assertEquals(
    error.message,
    `Cannot change "${path}": it is a pipe or a device, wanted a file, which is replaced`,
  );
  const bytes = new MemoryFiles({ [path]: "a\n\ufffd\n\ufffd\n" });
  await assertRejects(() => readWhole(bytes, path), ConfigError, "line 2: found");
});

test("editSharedFile() clears leftovers away also where nothing is to be changed", async () => {
  const files = new MemoryFiles({ [path]: "a", [leftover]: "keys" });
  await editSharedFile(files, path, (text) => text);
  assertEquals(files.contents.has(leftover), false);
});
