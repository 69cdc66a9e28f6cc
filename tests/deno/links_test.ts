/**
 * Paths without links, which lead where they say.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { dangles, folderOf, linkTarget, targetOrPath } from "../../src/deno/links.ts";

Deno.test("folderOf() is what stands before the name", () => {
  for (const [path, folder] of [["/a/b", "/a/"], ["a/b", "a/"], ["b", ""], ["/b", "/"]] as const) {
    assertEquals(folderOf(path), folder, path);
  }
});

Deno.test("linkTarget() goes up from relative paths too, and never to the root by mistake", async () => {
  const here = Deno.cwd();
  const rows = [
    ["tests/../deno.json", "deno.json"],
    ["tests/../none", "none"],
    ["tests/deno/../../none/file", "none/file"],
    ["none/../file", "none/../file"],
    ["./tests//deno/./none", "tests/deno/none"],
    ["tests/..", "."],
    [".", "."],
    [`${here}/tests/../none`, `${here}/none`],
    [`${here}/tests/`, `${here}/tests`],
  ] as const;
  for (const [path, target] of rows) assertEquals(await linkTarget(path), target, path);
});

Deno.test({
  name: "what may not be looked at is a path like any other, where opening it says why",
  permissions: { read: ["."] },
  async fn() {
    await assertRejects(() => linkTarget("/etc/none"), Deno.errors.NotCapable);
    assertEquals(await targetOrPath("/etc/none"), "/etc/none");
  },
});

Deno.test("only a circle of Deno's own can be a link that leads to nothing", async () => {
  const circle = new Deno.errors.FilesystemLoop("circle");
  assertEquals(await dangles("tests/../none", new Deno.errors.NotFound("none")), false);
  assertEquals(await dangles("tests", circle), false);
  assertEquals(await dangles("tests/../none", circle), true);
});
