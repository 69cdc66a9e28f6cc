/**
 * The copy of the settings for networks with JSR: the same, without the local packages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { withFiles, withoutLinks } from "../../scripts/without_links.ts";

Deno.test("withoutLinks() takes out the links of deno.json and nothing else", async () => {
  const { links: _, ...rest } = JSON.parse(await Deno.readTextFile("deno.json"));
  const settings = JSON.stringify({ ...rest, links: ["./vendor/std/ini"] });
  assertEquals(JSON.parse(withoutLinks(settings)), rest);
});

Deno.test("deno.json links every local package, or, in a copy that has none, nothing", async () => {
  const { links } = JSON.parse(await Deno.readTextFile("deno.json"));
  assertEquals(links ?? [], await localPackages());
});

/** The folders of the local packages; the copy for networks with JSR has none. */
async function localPackages(): Promise<readonly string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir("vendor/std"));
    return names.filter(({ isDirectory }) => isDirectory).map(({ name }) => `./vendor/std/${name}`)
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

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
