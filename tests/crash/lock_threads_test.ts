/**
 * Real locks that many want in one process: however many wait, the threads of the runtime are left to those who hold one.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os !== "linux";
const why = skipped ? ", skipped: no other program may be run, or this is not Linux" : "";
/** A process that is stuck is killed, and the test fails. */
const longestMs = 120_000;
const mostKernelWaits = 16;

for (const [paths, waiters] of [[1, 200], [200, 1], [60, 3]] as const) {
  Deno.test({
    name: `${paths * waiters} waits for ${paths} locks leave threads for files${why}`,
    ignore: skipped,
    fn: () =>
      inFolder(async (folder) => {
        const held = await Promise.all(
          Array.from({ length: paths }, (_, index) =>
            denoSystem.files.lock(`${folder}/${index}.lock`, "holds it")),
        );
        await using child = start("lock_threads.ts", [folder, `${paths}`, `${waiters}`]);
        const wanted = Math.min(paths, mostKernelWaits);
        assertEquals(await child.line(), "waiting");
        // The child reads a file each time, while it comes to wait for all of them.
        while (await kernelWaits(child.pid) < wanted) {
          assertEquals(await child.ask(), "read");
        }
        assertEquals(await child.ask(), "read");
        assertEquals(await kernelWaits(child.pid), wanted);
        for (const lock of held) {
          lock[Symbol.dispose]();
        }
        await child.close();
        assertEquals(await child.line(), "all had it");
      }),
  });
}

Deno.test({
  name: `one thousand cores in one process share their calls${why}`,
  ignore: skipped,
  fn: () =>
    inFolder(async (folder) => {
      await using child = start("many_cores.ts", [folder]);
      await child.close();
      assertEquals(await child.line(), "1 1 40");
    }),
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-locks-" });
  try {
    // A copy: Deno 2.4 rewrites the lock file that it is given.
    await Deno.copyFile(new URL("../../deno.lock", import.meta.url), `${folder}/deno.lock`);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How many locks the process waits for in the kernel. */
async function kernelWaits(pid: number): Promise<number> {
  const waiting = new RegExp(`-> FLOCK +\\S+ +\\S+ +${pid} `, "g");
  // Deno itself opens nothing there without all permissions.
  const { stdout } = await new Deno.Command("cat", { args: ["/proc/locks"] }).output();
  return new TextDecoder().decode(stdout).match(waiting)?.length ?? 0;
}

/** A program of this folder, and what it says, line by line. */
function start(program: string, words: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--allow-read", "--allow-write", "--allow-env"],
      `--lock=${words[0]}/deno.lock`,
      new URL(program, import.meta.url).pathname,
      ...words,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), longestMs);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const writer = child.stdin.getWriter();
  let text = "";
  const line = async (): Promise<string> => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      assert(!done, `it ended after ${JSON.stringify(text)}`);
      text += value;
    }
    const [first = "", ...rest] = text.split("\n");
    text = rest.join("\n");
    return first;
  };
  return {
    pid: child.pid,
    line,
    async ask(): Promise<string> {
      await writer.write(new TextEncoder().encode("\n"));
      return await line();
    },
    close: () => writer.close(),
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await writer.close().catch(() => {});
      await reader.cancel();
      await child.status;
    },
  };
}
