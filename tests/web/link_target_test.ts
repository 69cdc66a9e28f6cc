/**
 * Chains of links on a file system that is made up, with the roots of Windows and without.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { rootOf } from "../../src/deno/platform/paths.ts";
import { followLinks, type LinkReader } from "../../src/web/link_target.ts";

/** Links by their paths; what is in `missing` is not there, and the rest is. */
function readerOf(links: Readonly<Record<string, string>>, missing: readonly string[] = []) {
  const reader: LinkReader = {
    lookAt: (path) =>
      Promise.resolve(
        missing.includes(path)
          ? "missing"
          : { isSymlink: Object.hasOwn(links, path), mode: null, uid: null },
      ),
    readLink: (path) => Promise.resolve(links[path] ?? ""),
    ownUid: () => undefined,
    tooManyLinks: (path) => new Error(`too many links: ${path}`),
  };
  return reader;
}

Deno.test({
  name: "followLinks() ends at another drive or share where a link of Windows leads there",
  permissions: "none",
  async fn() {
    const links = {
      "C:/Users/kim/.aws": "D:/aws",
      "D:/aws/config": "../shared/config",
      "C:/Users/kim/files": "//server/share/kim",
      "C:/Users/kim/own": "\\notes",
    };
    const reader = { ...readerOf(links), rootOf: (path: string) => rootOf(path, "windows") };
    const rows = [
      ["C:/Users/kim/.aws/config", "D:/shared/config"],
      ["C:/Users/kim/.aws/credentials", "D:/aws/credentials"],
      ["C:/Users/kim/files/a", "//server/share/kim/a"],
      ["C:/Users/../..", "C:/"],
      ["C:/", "C:/"],
      ["//server/share/../a", "//server/share/a"],
      ["a/./b", "a/b"],
    ] as const;
    for (const [path, target] of rows) assertEquals(await followLinks(path, reader), target, path);
  },
});

Deno.test({
  name: "followLinks() knows one root where the system has one",
  permissions: "none",
  async fn() {
    const reader = readerOf({ "/home/kim/.aws": "/data/aws", "/data/aws/config": "C:/x" }, [
      "/home/none",
    ]);
    const rows = [
      ["/home/kim/.aws/config", "/data/aws/C:/x"],
      ["/home/none/a/b", "/home/none/a/b"],
      ["/..", "/"],
      ["//", "/"],
      ["..", ".."],
      ["", "."],
    ] as const;
    for (const [path, target] of rows) assertEquals(await followLinks(path, reader), target, path);
  },
});
