/**
 * Many real processes whose `aws login` is about to end: one refreshes it, and the file stays whole; also when the process
 * that holds the lock is killed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { configFor, fileName, loginFile, world } from "../source/login/fixtures.ts";
import { type Home, makeHome, runIn, startIn, stsavalWords } from "../peers/stsaval_process.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const why = skipped ? ", skipped: no other program may be run" : "";

/** What a process says that waits for another one. */
const waitingNote = /^stsaval: waiting for .*\n/gm;

/** So many at once as the machine takes; `STSAVAL_TEST_AT_ONCE=200` starts more. */
const atOnce = skipped ? 0 : Number(Deno.env.get("STSAVAL_TEST_AT_ONCE") ?? 10);

function processCount(): number {
  return Number(skipped ? 0 : Deno.env.get("STSAVAL_TEST_PROCESSES") ?? 40);
}

/** `before` may respond in the emulator's place. */
async function startHome(before: () => Promise<Response | undefined>) {
  const emulator = createStsEmulator({ world, signIn: { detectsReuse: true } });
  const serve = async (request: Request) => await before() ?? await emulator.handle(request);
  const home = await makeHome(serve, (url) => ({ ".aws/config": configFor(url) }));
  const folder = `${home.path}/.aws/login/cache`;
  await Deno.mkdir(folder, { recursive: true });
  const kept = loginFile(emulator, denoSystem.clock.now() + 30_000);
  await Deno.writeTextFile(`${folder}/${fileName}`, JSON.stringify(kept));
  return { emulator, home, kept, folder };
}

/** Runs that many processes, and gives the access keys that they print. */
async function keysOf(home: Home, count: number): Promise<readonly string[]> {
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const keys: string[] = [];
  const work = async () => {
    for (const _number of numbers) {
      const { code, stdout, stderr } = await runIn(home, stsavalWords(["process", "admin"]));
      assertEquals([code, stderr.replaceAll(waitingNote, "")], [0, ""]);
      keys.push(JSON.parse(stdout).AccessKeyId);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return keys;
}

Deno.test({
  name: `processes whose aws login is about to end refresh it once${why}`,
  ignore: skipped,
  async fn() {
    const { emulator, home, kept, folder } = await startHome(() => Promise.resolve(undefined));
    await using _home = home;
    const keys = await keysOf(home, processCount());
    assertEquals(keys.length, processCount());
    assertEquals(new Set(keys).size, 1);
    assertEquals(emulator.count("CreateOAuth2Token"), 1);
    const found = JSON.parse(await Deno.readTextFile(`${folder}/${fileName}`));
    assertEquals(found.accessToken.accessKeyId, keys[0]);
    assertEquals([found.idToken, found.dpopKey], [kept.idToken, kept.dpopKey]);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assertEquals(names, [fileName, `${fileName}.lock`]);
  },
});

Deno.test({
  name: `when the process that refreshes an aws login is killed, another one refreshes it${why}`,
  ignore: skipped,
  async fn() {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    let isFirst = true;
    const handle = async () => {
      if (!isFirst) return undefined;
      isFirst = false;
      arrived.resolve();
      await released.promise;
      return new Response(null, { status: 503 });
    };
    const { emulator, home, folder } = await startHome(handle);
    await using _home = home;
    const holder = startIn(home, stsavalWords(["process", "admin"]));
    await arrived.promise;
    const others = keysOf(home, atOnce);
    holder.kill("SIGKILL");
    await holder.output();
    await holder.stdin.close().catch(() => {});
    const keys = await others;
    released.resolve();
    assertEquals(new Set(keys).size, 1);
    assertEquals(emulator.count("CreateOAuth2Token", "ok"), 1);
    const found = JSON.parse(await Deno.readTextFile(`${folder}/${fileName}`));
    assert(found.accessToken.accessKeyId === keys[0]);
  },
});
