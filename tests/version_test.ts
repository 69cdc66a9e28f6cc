/**
 * The version stands in three places, which must agree.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { version } from "../src/version.ts";

Deno.test("the version is that of deno.json", async () => {
  assertEquals(version, JSON.parse(await Deno.readTextFile("deno.json")).version);
});

Deno.test("the newest heading of CHANGELOG.md is this version, with its date", async () => {
  const headings = (await Deno.readTextFile("CHANGELOG.md")).match(/^## .*$/gm) ?? [];
  const [, newest] = /^## (\S+) - \d{4}-\d\d-\d\d$/.exec(headings[0] ?? "") ?? [];
  assertEquals(newest, version);
});
