/**
 * The systemd unit for `stsaval watch`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { watch } from "../../src/cli/commands/watch.ts";
import { isInstalled } from "../peers/stsaval_process.ts";

const unit = await Deno.readTextFile(
  new URL("../../packaging/systemd/stsaval-watch@.service", import.meta.url),
);

const missing = !await isInstalled("systemd-analyze");
Deno.test({
  name: "systemd takes the unit for watch" +
    (missing ? ", skipped: systemd-analyze is not installed" : ""),
  ignore: missing,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "stsaval-unit-" });
    // It is looked for where the unit says, and no package is installed here.
    await Deno.writeTextFile(`${folder}/stsaval`, "#!/bin/sh\n", { mode: 0o755 });
    const path = `${folder}/stsaval-watch@.service`;
    await Deno.writeTextFile(path, unit.replaceAll("/usr/bin/stsaval", `${folder}/stsaval`));
    const { success, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--user", "--man=no", path],
      env: { XDG_RUNTIME_DIR: folder, HOME: folder },
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("the unit for watch gives options that watch has", () => {
  const [, line = ""] = /^ExecStart=\S+ watch (.*)$/m.exec(unit) ?? [];
  const known = watch.options.map(({ name }) => `--${name}`);
  const used = line.match(/--[a-z-]+/g) ?? [];
  assert(used.length > 0);
  assertEquals(used.filter((option) => !known.includes(option)), []);
});
