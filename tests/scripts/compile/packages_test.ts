import { assertEquals, assertThrows } from "@std/assert";
import { packagesOf, standInsAmong } from "../../../scripts/compile/packages.ts";

const cache = "../../../../home/kim/.cache/deno/npm/registry.example.org";

Deno.test({
  name: "packagesOf() names each package once, with its version, and no module of the project",
  permissions: "none",
  fn() {
    const sources = [
      "../cli.ts",
      "../src/cli/main.ts",
      "../instead_0.ts",
      `${cache}/bowser/2.15.0/es5.js`,
      `${cache}/@smithy/core/3.41.0/dist-es/index.js`,
      `${cache}/@smithy/core/3.41.0/dist-es/other.js`,
      `${cache}/@smithy/types/4.0.0_1/dist/index.js`,
      "../node_modules/.deno/@aws-sdk+core@3.981.0/node_modules/@aws-sdk/core/dist/index.js",
      "https://jsr.io/@std/ini/1.0.0-rc.9/mod.ts",
      "../vendor/std/log/mod.ts",
    ];
    assertEquals(packagesOf(sources), [
      { registry: "jsr", name: "@std/ini", version: "1.0.0-rc.9" },
      { registry: "local", name: "vendor/std/log", version: undefined },
      { registry: "npm", name: "@aws-sdk/core", version: "3.981.0" },
      { registry: "npm", name: "@smithy/core", version: "3.41.0" },
      { registry: "npm", name: "@smithy/types", version: "4.0.0" },
      { registry: "npm", name: "bowser", version: "2.15.0" },
    ]);
  },
});

Deno.test({
  name: "packagesOf() leaves out no file whose package it cannot tell",
  permissions: "none",
  fn() {
    for (const source of ["https://esm.sh/left-pad", "../../elsewhere/x.ts", "<define:x>", ""]) {
      assertThrows(() => packagesOf([source]), Error, `Cannot tell which package "${source}"`);
    }
  },
});

Deno.test({
  name: "standInsAmong() finds what stands in for JSR's packages, and nothing in a release",
  permissions: "none",
  fn() {
    const used = packagesOf([
      "../vendor/std/log/mod.ts",
      `${cache}/deno-std/1.4.0/cli/parse_args.js`,
      `${cache}/bowser/2.15.0/es5.js`,
    ]);
    assertEquals(standInsAmong(used), ["vendor/std/log", "deno-std"]);
    assertEquals(standInsAmong(packagesOf(["https://jsr.io/@std/log/0.224.14/mod.ts"])), []);
  },
});
