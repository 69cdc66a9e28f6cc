/**
 * Paths of Linux, macOS and Windows.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { hasShell, rootOf, searchedFolders, slashed } from "../../../src/deno/platform/paths.ts";
import { folderOf } from "../../../src/deno/links.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("slashed() turns backslashes on Windows alone", () => {
  assertEquals(slashed("C:\\Users\\kim/.aws", "windows"), "C:/Users/kim/.aws");
  for (const os of ["linux", "darwin"] as const) assertEquals(slashed("/a\\b", os), "/a\\b");
});

pure("rootOf() is what an absolute path begins with", () => {
  const rows = [
    ["C:\\Users\\kim", "C:/"],
    ["d:/x", "d:/"],
    ["\\\\server\\share\\x", "//server/share/"],
    ["\\\\server\\share", "//server/share"],
    ["\\x", "/"],
    // Relative to the folder of that drive.
    ["C:x", ""],
    ["x\\C:\\y", ""],
    ["//server", "/"],
    ["", ""],
  ] as const;
  for (const [path, root] of rows) assertEquals(rootOf(path, "windows"), root, path);
  for (const [path, root] of [["/a", "/"], ["//a/b/c", "/"], ["a", ""], ["C:/x", ""]] as const) {
    assertEquals(rootOf(path, "linux"), root, path);
  }
});

pure("folderOf() takes both separators on Windows", () => {
  assertEquals(folderOf("C:\\Users\\kim", "windows"), "C:\\Users\\");
  assertEquals(folderOf("C:\\Users/kim\\x", "windows"), "C:\\Users/kim\\");
  assertEquals(folderOf("/a\\b/c\\d", "linux"), "/a\\b/");
});

pure("searchedFolders() are those of PATH, for a name without a folder", () => {
  assertEquals(searchedFolders("ykman", "/usr/bin::/bin", "linux"), ["/usr/bin", "/bin"]);
  assertEquals(searchedFolders("ykman", "C:\\a;;D:\\b", "windows"), ["C:\\a", "D:\\b"]);
  for (const program of ["", "/bin/ykman", "./ykman"]) {
    assertEquals(searchedFolders(program, "/bin", "linux"), []);
  }
  assertEquals(searchedFolders("C:\\Program Files\\ykman.exe", "C:\\a", "windows"), []);
  assertEquals(searchedFolders("a\\b", "/bin", "linux"), ["/bin"]);
});

pure("hasShell() is false on Windows alone", () => {
  assertEquals([hasShell("linux"), hasShell("darwin"), hasShell("windows")], [true, true, false]);
});
