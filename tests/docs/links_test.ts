/**
 * Every link of the pages: those to files and headings must lead there, those to other hosts must be https.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Page, readPages, takeApart } from "./pages.ts";

const pages = await readPages();

/** What is wrong with a link; undefined if nothing is. */
async function problemOf(link: string, page: Page): Promise<string | undefined> {
  if (/^[a-z]+:/.test(link)) {
    const url = URL.parse(link);
    return url?.protocol === "https:" && url.hostname.includes(".") ? undefined : "not https";
  }
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? page.path : resolvePath(page.path, file);
  if (await Deno.stat(path).then(() => false, () => true)) return `no file "${path}"`;
  if (anchor === undefined) return undefined;
  const target = pages.find((other) => other.path === path);
  return target?.anchors.has(anchor) ? undefined : `no heading "${anchor}" in "${path}"`;
}

function resolvePath(from: string, link: string): string {
  return new URL(link, new URL(from, "file:///")).pathname.slice(1);
}

for (const page of pages) {
  Deno.test(`every link of ${page.path} leads somewhere`, async () => {
    for (const link of page.links) {
      assertEquals(await problemOf(link, page), undefined, link);
    }
  });
}

Deno.test("a link that leads nowhere is seen", async () => {
  const [page] = pages;
  assert(page !== undefined);
  assertEquals(await problemOf("docs/none.md", page), 'no file "docs/none.md"');
  assertEquals(await problemOf("#none", page), 'no heading "none" in "README.md"');
  assertEquals(await problemOf("http://example.com", page), "not https");
});

Deno.test("every page of docs/ can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    const links = pages.find((page) => page.path === path)?.links ?? [];
    for (const link of links) {
      const target = resolvePath(path, link.replace(/#.*/, ""));
      if (!/^[a-z]+:/.test(link) && target.endsWith(".md")) reached.add(target);
    }
  }
  const unreached = pages.map(({ path }) => path).filter((path) => !reached.has(path));
  assertEquals(unreached, []);
});

Deno.test("blocks are taken apart with their language and their line", () => {
  const { blocks, prose } = takeApart("a\n```sh\nb\n```\nc");
  assertEquals(blocks, [{ language: "sh", line: 2, text: "b" }]);
  assertEquals(prose, "a\nc");
});
