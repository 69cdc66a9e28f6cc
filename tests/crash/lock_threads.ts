/**
 * Many who want locks in one process: `lock_threads.ts FOLDER PATHS WAITERS`. Another process holds the locks of all the
 * paths; this one waits for each of them WAITERS times. It prints "waiting" when all wait, and answers each line of
 * standard input with the text of a file, for which the runtime needs a thread. It ends when each had its lock.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";

const { files, terminal } = denoSystem;
const [folder = "", paths = "", waiters = ""] = Deno.args;
await files.replaceText(`${folder}/text`, "read");
const names = Array.from({ length: Number(paths) * Number(waiters) }, (_, index) => index);
const locks = names.map(async (index) => {
  const lock = await files.lock(`${folder}/${index % Number(paths)}.lock`, "waits");
  using _lock = lock;
  await files.readText(`${folder}/text`);
});
terminal.out("waiting\n");
for await (const _line of Deno.stdin.readable) {
  terminal.out(`${await files.readText(`${folder}/text`)}\n`);
}
await Promise.all(locks);
terminal.out("all had it\n");
