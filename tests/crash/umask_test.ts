/**
 * A umask takes bits away from what a program makes, its owner's own too.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";

for (const umask of ["0177", "0277", "0777", "0000"]) {
  Deno.test({
    name: `under umask ${umask} folders are 0700 and files 0600` +
      (skipped ? ", skipped: no other program may be run" : ""),
    ignore: skipped,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "stsaval-umask-" });
      const program = new URL("umask_files.ts", import.meta.url).pathname;
      const deno = [Deno.execPath(), "run", "--no-check", "--no-config", "-RW", program, folder];
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", `umask ${umask} && exec "$@"`, "sh", ...deno],
        // What Deno itself caches is not made under this umask.
        env: { DENO_NO_UPDATE_CHECK: "1" },
      }).output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
      const modes = await Promise.all(
        ["one", "one/two", "one/two/file", "three", "three/file.lock"].map(async (name) =>
          ((await Deno.stat(`${folder}/${name}`)).mode ?? 0) & 0o777
        ),
      );
      assertEquals(modes, [0o700, 0o700, 0o600, 0o700, 0o600]);
      await Deno.remove(folder, { recursive: true });
    },
  });
}
