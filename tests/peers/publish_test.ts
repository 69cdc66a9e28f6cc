/**
 * `deno publish --dry-run`, as far as it goes without JSR: the local editions of the @std packages are files of the
 * project in the copy that is tried. Types, public API and the list of files are checked as for the real thing.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeCopyWithFiles } from "../../scripts/without_links.ts";

Deno.test("deno publish would publish the module, with its sources and nothing else", async () => {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-publish-" });
  try {
    await makeCopyWithFiles(folder);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", "--dry-run", "--allow-dirty"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
    assert(success, said);
    assertStringIncludes(said, "Success Dry run complete");
    const files = [...said.matchAll(/^ +file:\/\/\S+?\/stsaval-publish-[^/]+\/(\S+)/gm)];
    const names = files.map(([, name = ""]) => name).filter((name) => !name.startsWith("vendor/"));
    assert(names.includes("src/session/core.ts"), said);
    assertEquals(names.filter((name) => !/^src\/.*\.ts$/.test(name)), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "cli.ts",
      "deno.json",
      "mod.ts",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
