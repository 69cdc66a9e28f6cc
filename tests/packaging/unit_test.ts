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

const pathUnit = await Deno.readTextFile(
  new URL("../../packaging/systemd/stsaval-watch@.path", import.meta.url),
);

const missing = !await isInstalled("systemd-analyze");
Deno.test({
  name: "systemd takes the units for watch" +
    (missing ? ", skipped: systemd-analyze is not installed" : ""),
  ignore: missing,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "stsaval-unit-" });
    // It is looked for where the unit says, and no package is installed here.
    await Deno.writeTextFile(`${folder}/stsaval`, "#!/bin/sh\n", { mode: 0o755 });
    const paths = ["service", "path"].map((kind) => `${folder}/stsaval-watch@.${kind}`);
    const [service = "", path = ""] = paths;
    await Deno.writeTextFile(service, unit.replaceAll("/usr/bin/stsaval", `${folder}/stsaval`));
    await Deno.writeTextFile(path, pathUnit);
    const { success, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--user", "--man=no", ...paths],
      env: { XDG_RUNTIME_DIR: folder, HOME: folder },
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("the unit is restarted, but for what only a person can help, and then by the path unit", () => {
  assert(/^Restart=always$/m.test(unit));
  assert(/^RestartPreventExitStatus=2 3 4 5$/m.test(unit));
  assert(/^PathChanged=%h\/\.aws\/stsaval\/session\.stamp$/m.test(pathUnit));
  assert(/^Unit=stsaval-watch@%i\.service$/m.test(pathUnit));
});

Deno.test("the unit for watch gives options that watch has", () => {
  const [, line = ""] = /^ExecStart=\S+ watch (.*)$/m.exec(unit) ?? [];
  const known = watch.options.map(({ name }) => `--${name}`);
  const used = line.match(/--[a-z-]+/g) ?? [];
  assert(used.length > 0);
  assertEquals(used.filter((option) => !known.includes(option)), []);
});
