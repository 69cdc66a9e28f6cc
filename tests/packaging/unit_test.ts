/**
 * The systemd units for `stsaval watch` and `stsaval serve`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { serve } from "../../src/cli/commands/serve.ts";
import { watch } from "../../src/cli/commands/watch.ts";
import { isInstalled } from "../peers/stsaval_process.ts";

const unit = await Deno.readTextFile(
  new URL("../../packaging/systemd/stsaval-watch@.service", import.meta.url),
);

const serveUnit = await Deno.readTextFile(
  new URL("../../packaging/systemd/stsaval-serve@.service", import.meta.url),
);

const pathUnit = await Deno.readTextFile(
  new URL("../../packaging/systemd/stsaval-watch@.path", import.meta.url),
);

const missing = !await isInstalled("systemd-analyze");
Deno.test({
  name: "systemd takes the units for watch and serve" +
    (missing ? ", skipped: systemd-analyze is not installed" : ""),
  ignore: missing,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "stsaval-unit-" });
    // It is looked for where the unit says, and no package is installed here.
    await Deno.writeTextFile(`${folder}/stsaval`, "#!/bin/sh\n", { mode: 0o755 });
    const units = {
      "stsaval-watch@.service": unit,
      "stsaval-watch@.path": pathUnit,
      "stsaval-serve@.service": serveUnit,
    };
    for (const [name, text] of Object.entries(units)) {
      const here = text.replaceAll("/usr/bin/stsaval", `${folder}/stsaval`);
      await Deno.writeTextFile(`${folder}/${name}`, here);
    }
    const paths = Object.keys(units).map((name) => `${folder}/${name}`);
    const { success, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--user", "--man=no", ...paths],
      env: { XDG_RUNTIME_DIR: folder, HOME: folder },
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("the units are restarted, but for what only a person can help, and watch then by the path unit", () => {
  for (const text of [unit, serveUnit]) {
    assert(/^Restart=always$/m.test(text));
    assert(/^RestartPreventExitStatus=2 3 4 5$/m.test(text));
    assert(/^UMask=0077$/m.test(text));
  }
  assert(/^PathChanged=%h\/\.aws\/stsaval\/session\.stamp$/m.test(pathUnit));
  assert(/^Unit=stsaval-watch@%i\.service$/m.test(pathUnit));
});

for (const [command, text] of [[watch, unit], [serve, serveUnit]] as const) {
  Deno.test(`the unit for ${command.name} gives options that ${command.name} has`, () => {
    const [, line = ""] = new RegExp(`^ExecStart=\\S+ ${command.name} (.*)$`, "m").exec(text) ?? [];
    const known = command.options.map(({ name }) => `--${name}`);
    const used = line.match(/--[a-z-]+/g) ?? [];
    assert(used.length > 0);
    assertEquals(used.filter((option) => !known.includes(option)), []);
  });
}
