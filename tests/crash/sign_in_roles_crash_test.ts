/**
 * Many real `stsaval process` that need the same role on top of a sign-in at the same moment: one AssumeRole for all.
 *
 * `STSAVAL_TEST_PROCESSES=200` starts as many as that.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { onTop, signIns, startSignInHome } from "../peers/sign_in_home.ts";
import { runIn, stsavalWords } from "../peers/stsaval_process.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const count = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 20);
const why = skipped ? ", skipped: no other program may be run" : "";
/** That the machine is slow with so many programs at once is no failure. */
const patient = ["--timeout", "100", "--lock-timeout", "200"];
/** What a process says that waits for another one. */
const waitingNote = /^stsaval: waiting for .*\n/gm;

for (const kind of Object.keys(signIns) as (keyof typeof signIns)[]) {
  Deno.test({
    name: `${count} processes that need the same role on top of ${kind} make one AssumeRole${why}`,
    ignore: skipped,
    async fn() {
      await using made = await startSignInHome(kind);
      const { emulator, home } = made;
      const words = stsavalWords(["process", onTop, ...patient]);
      const running = Array.from({ length: count }, () => runIn(home, words));
      const keys = new Set<string>();
      for (const { code, stdout, stderr } of await Promise.all(running)) {
        assertEquals([code, stderr.replaceAll(waitingNote, "")], [0, ""]);
        keys.add(JSON.parse(stdout).AccessKeyId);
      }
      assertEquals([keys.size, emulator.count("AssumeRole")], [1, 1]);
      assertEquals(emulator.count("GetRoleCredentials"), kind === "aws login" ? 0 : 1);
    },
  });
}
