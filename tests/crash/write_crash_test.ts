/**
 * SIGKILL at any moment of a change to the credentials file: what is there afterwards is the old text or the new one,
 * whole and for its owner only, and the next change finds nothing in its way.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { editSharedFile } from "../../src/config/file/edit_shared_file.ts";
import { denoSystem } from "../../src/deno/system.ts";
import type { Random } from "../../src/system.ts";
import { seededRandom } from "../fake_system.ts";
import { firstChange, textAfter, userText } from "./edit_loop.ts";

const kills = 250;
/** Folders in which it happens at the same time: with a plain file, and with a link to one. */
const lanes = [{ seed: 1, linked: false }, { seed: 2, linked: true }];
/** Time for some changes, the first of which are slow. */
const longestRunMs = 120;

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";

Deno.test({
  name: `a credentials file survives ${kills} kills of its writer` +
    (skipped ? ", skipped: no other program may be run" : ""),
  ignore: skipped,
  async fn() {
    const rounds = kills / lanes.length;
    const outcomes = await Promise.all(
      lanes.map(({ seed, linked }) => runLane(seededRandom(seed), rounds, linked)),
    );
    const sum = (pick: (outcome: Outcome) => boolean) => outcomes.flat().filter(pick).length;
    // Kills that never hit a change would prove nothing.
    assert(sum(({ finished }) => finished) > 0, "no kill came after the rename");
    assert(sum(({ finished }) => !finished) > 0, "no kill came before the rename");
    assert(sum(({ leftover }) => leftover) > 0, "no kill came while the text was written");
  },
});

/** What was found after a kill. */
interface Outcome {
  /** Whether the last change that was begun had been made. */
  readonly finished: boolean;
  /** Whether the text of a change that was not made lay beside the file. */
  readonly leftover: boolean;
}

async function runLane(random: Random, rounds: number, linked: boolean): Promise<Outcome[]> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-crash-" });
  const path = `${folder}/credentials`;
  const target = linked ? `${folder}/target` : path;
  try {
    await Deno.writeTextFile(target, userText, { mode: 0o600 });
    if (linked) await Deno.symlink("target", path);
    const outcomes: Outcome[] = [];
    let change = firstChange;
    for (let round = 0; round < rounds; round++) {
      change = await killWriter(path, change, random.number() * longestRunMs);
      outcomes.push(await lookAfter(change, path));
      assertEquals((await Deno.lstat(path)).isSymlink, linked);
    }
    const { files } = denoSystem;
    await editSharedFile(files, path, () => "", (file) => files.lock(file, "looks"));
    if (!linked) assertEquals((await namesIn(folder)).sort(), ["credentials", "credentials.lock"]);
    return outcomes;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a kill left after the change of that number had begun. */
async function lookAfter(change: number, path: string): Promise<Outcome> {
  const text = await Deno.readTextFile(path);
  const finished = text === textAfter(change);
  assert(finished || text === textAfter(change - 1), "a text that no process wrote");
  assertEquals((await Deno.stat(path)).mode, 0o100600);
  const names = await namesIn(path.slice(0, path.lastIndexOf("/")));
  return { finished, leftover: names.some((name) => name.endsWith(".tmp")) };
}

function namesIn(folder: string): Promise<string[]> {
  return Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}

/** Lets a program change the file for so long, from that change on; gives the last change that it has begun. */
async function killWriter(path: string, first: number, ms: number): Promise<number> {
  const program = new URL("edit_loop.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-read", "--allow-write", program, path, String(first)],
    stdout: "piped",
  }).spawn();
  const said: string[] = [];
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (said.length === 0) setTimeout(() => child.kill("SIGKILL"), ms);
    said.push(text);
  }
  await child.status;
  const lines = said.join("").split("\n");
  return Number(lines.at(-2));
}
