/**
 * What a release must agree in, and the workflows that make one.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
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

const workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

for (const path of workflows) {
  Deno.test(`${path} pins every action by its commit, and says which version that is`, async () => {
    const uses = (await Deno.readTextFile(path)).match(/^.*\buses:.*$/gm) ?? [];
    assert(uses.length > 0);
    for (const line of uses) {
      assertMatch(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  Deno.test(`${path} may only read, unless a job says otherwise, and bounds every job`, async () => {
    const text = await Deno.readTextFile(path);
    assertMatch(text, /^permissions:\n {2}contents: read\n\n/m);
    const jobs = text.slice(text.indexOf("\njobs:\n")).match(/^ {2}[a-z-]+:$/gm) ?? [];
    assertEquals(text.match(/^ {4}timeout-minutes: \d+$/gm)?.length, jobs.length);
  });

  Deno.test(`${path} leaves no token in the checkout, and puts no expression into a script`, async () => {
    const text = await Deno.readTextFile(path);
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    assertEquals(text.match(/persist-credentials: false/g)?.length, checkouts.length);
    assertEquals(text.match(/^\s*(?:- )?run:.*\$\{\{.*$/gm) ?? [], []);
    const scripts = text.match(/run: \|\n(?: {10}.*\n)+/g) ?? [];
    assertEquals(scripts.filter((script) => script.includes("${{")), []);
  });
}
