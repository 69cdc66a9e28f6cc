/**
 * The files that GitHub reads: issue forms and the settings of Dependabot, in the form that it wants.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { load } from "js-yaml";

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

const forms = [".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/idea.yml"];

for (const path of forms) {
  Deno.test(`${path} is an issue form`, async () => {
    // Written by hand in this form; what lacks fails where it is used.
    const { name, description, body } = load(await Deno.readTextFile(path)) as Form;
    assertMatch(name, /\S/);
    assertMatch(description, /\S/);
    const ids = body.flatMap(({ id }) => id === undefined ? [] : [id]);
    assertEquals(new Set(ids).size, ids.length, "each id once");
    for (const { type, id, attributes } of body) {
      if (type === "markdown") {
        assertMatch(attributes.value ?? "", /\S/);
        continue;
      }
      assert(["textarea", "input"].includes(type), type);
      assertMatch(id ?? "", /^[a-z]+$/);
      assertMatch(attributes.label ?? "", /\S/);
    }
  });
}

Deno.test("the form for faults asks for what 'stsaval doctor' says", async () => {
  assertMatch(await Deno.readTextFile(forms[0] ?? ""), /`stsaval doctor --json`/);
});

Deno.test("Dependabot looks after folders that are there", async () => {
  const { version, updates } = load(await Deno.readTextFile(".github/dependabot.yml")) as {
    readonly version: number;
    readonly updates: readonly {
      readonly "package-ecosystem": string;
      readonly directory: string;
    }[];
  };
  assertEquals(version, 2);
  const places: Readonly<Record<string, string>> = { "github-actions": ".github/workflows" };
  for (const { "package-ecosystem": kind, directory } of updates) {
    const folder = `.${directory}`;
    assert((await Deno.stat(places[kind] ?? `${folder}/go.mod`)).mtime !== null, kind);
  }
});
