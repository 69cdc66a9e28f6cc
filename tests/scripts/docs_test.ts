/**
 * The reference in `docs/reference/` is what the records of the program say.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { referencePages } from "../../scripts/docs/pages.ts";

for (const [path, text] of await referencePages()) {
  Deno.test(`${path} is current: 'deno task docs' writes it`, async () => {
    assertEquals(await Deno.readTextFile(path), text);
  });
}

Deno.test("docs/reference/ holds no page that is not made", async () => {
  const made = new Set((await referencePages()).keys());
  for await (const { name } of Deno.readDir("docs/reference")) {
    assertEquals(made.has(`docs/reference/${name}`), true, name);
  }
});
