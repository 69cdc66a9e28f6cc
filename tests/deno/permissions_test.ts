/**
 * The port for permissions, on Deno's own.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";

const { permissions, files } = denoSystem;

Deno.test({
  name: "what is kept stays when something wider is dropped",
  permissions: { read: ["."], net: ["127.0.0.1"], env: ["AWS_A", "AWS_B"], run: [] },
  fn() {
    assertEquals(permissions.allows("read", "mod.ts"), true);
    permissions.keep("read", "mod.ts");
    permissions.drop("read", ".");
    assertEquals(permissions.allows("read", "mod.ts"), true);
    assertEquals(permissions.allows("read", "cli.ts"), false);
    permissions.keep("net", "127.0.0.1:80");
    permissions.drop("net", "127.0.0.1");
    assertEquals(permissions.allows("net", "127.0.0.1:80"), true);
    assertEquals(permissions.allows("net", "127.0.0.1:81"), false);
    permissions.drop("env", "AWS_A");
    assertEquals(permissions.allows("env", "AWS_A"), false);
    assertEquals(permissions.allows("env", "AWS_B"), true);
  },
});

Deno.test({
  name: "a whole kind can be dropped, and what was never allowed can be queried",
  permissions: { read: ["."], env: ["AWS_A"] },
  fn() {
    for (const [kind, name] of [["read", "mod.ts"], ["env", "AWS_A"]] as const) {
      assertEquals([permissions.allows(kind, name), permissions.allows(kind)], [true, false]);
      permissions.drop(kind);
      assertEquals(permissions.allows(kind, name), false);
    }
    for (const kind of ["write", "net", "run", "ffi", "sys"] as const) {
      assertEquals(permissions.allows(kind), false);
    }
    assertEquals(permissions.allows("run", "true"), false);
    assertEquals(permissions.allows("run", ""), false);
  },
});

Deno.test("pathsToRead() and pathsToReplace() follow links, to what is not there yet too", async () => {
  const folder = await Deno.realPath(".tmp").catch(async () => {
    await Deno.mkdir(".tmp");
    return await Deno.realPath(".tmp");
  });
  const scratch = `${folder}/permissions_${denoSystem.random.number().toString(36).slice(2)}`;
  await Deno.mkdir(scratch);
  try {
    await Deno.writeTextFile(`${scratch}/real`, "");
    assertEquals(
      await permissions.pathsToRead(`${scratch}/real`),
      Array(2).fill(`${scratch}/real`),
    );
    const [path, target, temporary = "", missing] = await permissions.pathsToReplace(
      `${scratch}/new/file`,
    );
    assertEquals([path, target, missing], [
      `${scratch}/new/file`,
      `${scratch}/new/file`,
      `${scratch}/new/`,
    ]);
    assertEquals(temporary.startsWith(`${scratch}/new/file.`), true);
    const own = await permissions.pathsToReplace("file");
    // A name alone lies in the folder that is there, the temporary file beside it.
    assertEquals([own.slice(0, 2), own.length], [["file", "file"], 3]);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
});

Deno.test("a file can be replaced twice at once", async () => {
  const path = `.tmp/twice_${denoSystem.random.number().toString(36).slice(2)}`;
  await Promise.all([files.replaceText(path, "a"), files.replaceText(path, "b")]);
  const text = await files.readText(path) ?? "";
  await files.remove(path);
  assertEquals(["a", "b"].includes(text), true);
});
