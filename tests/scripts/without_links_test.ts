/**
 * The copy of the settings for networks with JSR: the same, without the local packages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { withoutLinks } from "../../scripts/without_links.ts";

Deno.test("withoutLinks() takes out the links of deno.json and nothing else", async () => {
  const settings = await Deno.readTextFile("deno.json");
  const { links, ...rest } = JSON.parse(settings);
  assertEquals(links.length, 4);
  assertEquals(JSON.parse(withoutLinks(settings)), rest);
});
