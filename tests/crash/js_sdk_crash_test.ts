/**
 * Many real `stsaval process` beside the AWS SDK for JavaScript, which takes no lock, while a sign-in is about to end: at
 * most one call of each refreshes it, nothing fails, and what the file holds at the end can be refreshed again.
 *
 * `STSAVAL_TEST_PROCESSES=200` starts as many as that.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { missingJsSdk, runProvider } from "../peers/js_sdk.ts";
import { type SignInHome, signIns, startSignInHome } from "../peers/sign_in_home.ts";
import { denoFolder } from "../peers/source_program.ts";
import { type Ended, runIn, stsavalWords } from "../peers/stsaval_process.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const count = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 20);
const missing = skipped ? "no other program may be run" : await missingJsSdk();
/** That the machine is slow with so many programs at once is no failure. */
const patient = ["--timeout", "100", "--lock-timeout", "200"];
/** What a process says that waits for another one. */
const waitingNote = /^stsaval: waiting for .*\n/gm;
const jsLogin = new URL("../peers/js_login.ts", import.meta.url).pathname;

/** The SDK for JavaScript, which refreshes what has less than five minutes left. */
const sdks: Readonly<Record<keyof typeof signIns, (made: SignInHome) => Promise<Ended>>> = {
  "IAM Identity Center": ({ home }) =>
    runProvider(
      { url: home.url, run: (program, args, env = {}) => runIn(home, [program, ...args], { env }) },
      "fromSso",
      "admin",
    ),
  // Run by Deno, from the packages of deno.lock.
  "aws login": ({ home }) =>
    runIn(home, [Deno.execPath(), "run", "--quiet", "--allow-all", jsLogin, home.url], {
      env: { DENO_DIR: denoFolder() },
    }),
};

async function stsaval({ home }: SignInHome): Promise<void> {
  const words = stsavalWords(["process", "admin", "--no-cache", ...patient]);
  const { code, stderr } = await runIn(home, words);
  assertEquals([code, stderr.replaceAll(waitingNote, "")], [0, ""]);
}

/** Leaves that many seconds, in the file alone. */
async function leave({ path }: SignInHome, seconds: number): Promise<void> {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(/("expiresAt": *")[^"]*/, `$1${expiresAt}`));
}

/** Resolves when that many calls of the refresh have come, and lets them go on together. */
class Meeting {
  #arrived = 0;
  readonly #all = Promise.withResolvers<void>();

  async join(): Promise<void> {
    if (++this.#arrived === 2) this.#all.resolve();
    await this.#all.promise;
  }
}

for (const kind of Object.keys(sdks) as (keyof typeof signIns)[]) {
  const needsNode = kind === "IAM Identity Center";
  const why = skipped || needsNode ? missing : undefined;
  Deno.test({
    name:
      `${count} processes and the SDK for JavaScript refresh ${kind} at once, and lose no token` +
      (why === undefined ? "" : ` (left out: ${why})`),
    ignore: why !== undefined,
    async fn() {
      // Both have read the same refresh token before either response: whoever loses has to read again.
      let meeting: Meeting | undefined = new Meeting();
      await using made = await startSignInHome(kind, 120, async (request, handle) => {
        if (/\/token$/.test(new URL(request.url).pathname)) await meeting?.join();
        return await handle(request);
      });
      const { emulator } = made;
      const { refresh } = signIns[kind];
      const [theirs] = await Promise.all([
        sdks[kind](made),
        ...Array.from({ length: count }, () => stsaval(made)),
      ]);
      // It uses the token that it has where it loses, as long as that lives.
      assertEquals([theirs.code, theirs.stderr], [0, ""]);
      const calls = emulator.count(refresh);
      assert(calls === 2, `${calls} calls`);
      meeting = undefined;
      await leave(made, 60);
      await stsaval(made);
      assertEquals(emulator.count(refresh), calls + 1);
      assertEquals(
        emulator.calls.filter(({ operation }) => operation === refresh).at(-1)?.outcome,
        "ok",
      );
      JSON.parse(await Deno.readTextFile(made.path));
    },
  });
}
