/**
 * The copy of the settings for networks with JSR: the same, without the local packages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { withFiles, withoutLinks } from "../../scripts/without_links.ts";

Deno.test("withoutLinks() takes out the links of deno.json and nothing else", async () => {
  const settings = await Deno.readTextFile("deno.json");
  const { links, ...rest } = JSON.parse(settings);
  assertEquals(links.length, 4);
  assertEquals(JSON.parse(withoutLinks(settings)), rest);
});

Deno.test({
  name: "withFiles() makes files of the local packages, and publishes them too",
  permissions: "none",
  fn() {
    const settings = JSON.stringify({
      name: "@x/a",
      imports: { "@std/b": "jsr:@std/b@1", "@std/c": "jsr:@std/c@1", d: "npm:d@1" },
      links: ["./vendor/b", "./vendor/c"],
      publish: { include: ["mod.ts"] },
    });
    const folders = new Map([
      ["./vendor/b", '{ "name": "@std/b", "exports": "./mod.ts" }'],
      ["./vendor/c", '{ "name": "@std/c", "exports": { ".": "./mod.ts", "./e": "./e.ts" } }'],
    ]);
    assertEquals(JSON.parse(withFiles(settings, folders)), {
      name: "@x/a",
      imports: {
        "@std/b": "./vendor/b/mod.ts",
        "@std/c": "./vendor/c/mod.ts",
        "@std/c/e": "./vendor/c/e.ts",
        d: "npm:d@1",
      },
      publish: { include: ["mod.ts", "./vendor/b/**/*.ts", "./vendor/c/**/*.ts"] },
    });
  },
});
