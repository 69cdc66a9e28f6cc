/**
 * The pictures of the documents: as the program draws its screen today.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { pictureOf, pictures, titleOf } from "../../scripts/picture.ts";
import { sessionFile, watchSession } from "../picture_session.ts";

Deno.test("the transcript of the picture is what the program shows now", async () => {
  assertEquals(await watchSession(), await Deno.readTextFile(sessionFile));
});

for (const [from, to] of Object.entries(pictures)) {
  Deno.test(`${to} is drawn from ${from}`, async () => {
    const transcript = await Deno.readTextFile(from);
    assertEquals(pictureOf(transcript, titleOf(transcript)), await Deno.readTextFile(to));
  });
}

Deno.test({
  name: "pictureOf() puts each piece into its columns, in the color of its role",
  permissions: "none",
  fn() {
    const svg = pictureOf('a ‹32›██‹0› <b> & "c"\n', "two");
    assertStringIncludes(svg, '<text x="20" y="48" textLength="16.8"');
    assertStringIncludes(svg, '<text class="ok" x="36.8" y="48" textLength="16.8"');
    assertStringIncludes(svg, "> &lt;b> &amp; &quot;c&quot;</text>");
    assertMatch(svg, /@media \(prefers-color-scheme: dark\)/);
  },
});

Deno.test({
  name: "pictureOf() refuses a color that no role has",
  permissions: "none",
  fn: () => void assertThrows(() => pictureOf("‹35›x‹0›", "x"), Error, "unknown color 35"),
});
