/**
 * What a release must agree in.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { mismatches, newestNotes } from "../../scripts/check_release.ts";
import { version } from "../../src/version.ts";

const right = {
  tag: "v1.2.3",
  settings: '{ "version": "1.2.3" }',
  changelog:
    "# Changelog\n\n## 1.2.3 - 2026-01-31\n\n### Added\n\n- This.\n\n## 1.2.2 - 2026-01-01\n\n- That.\n",
  source: "1.2.3",
};

Deno.test({
  name: "mismatches() has none where tag, settings, source and changelog agree",
  permissions: "none",
  fn() {
    assertEquals(mismatches(right), []);
  },
});

Deno.test({
  name: "mismatches() names what does not agree",
  permissions: "none",
  fn() {
    assertEquals(mismatches({ ...right, tag: "1.2.3" }), [
      'The tag is "1.2.3", wanted "v1.2.3" as in deno.json',
    ]);
    assertEquals(mismatches({ ...right, source: "1.2.2" }), [
      'src/version.ts has "1.2.2", deno.json "1.2.3"',
    ]);
    for (
      const heading of ["## 1.2.3", "## Unreleased", "## 1.2.4 - 2026-02-01", "## 1.2.3 - soon"]
    ) {
      assertEquals(mismatches({ ...right, changelog: `# Changelog\n\n${heading}\n` }), [
        `CHANGELOG.md begins with "${heading}", wanted "## 1.2.3 - " and a date`,
      ]);
    }
    assertEquals(mismatches({ ...right, changelog: "" }).length, 1);
  },
});

Deno.test({
  name: "newestNotes() is the newest part without its heading",
  permissions: "none",
  fn() {
    assertEquals(newestNotes(right.changelog), "### Added\n\n- This.\n");
    assertEquals(newestNotes("# Changelog\n"), "\n");
  },
});

Deno.test("the project as it is could be released under its version", async () => {
  const settings = await Deno.readTextFile("deno.json");
  const changelog = await Deno.readTextFile("CHANGELOG.md");
  assertEquals(mismatches({ tag: `v${version}`, settings, changelog, source: version }), []);
  assert(newestNotes(changelog).length > 100);
});
