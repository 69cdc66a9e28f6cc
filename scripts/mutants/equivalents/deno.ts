/**
 * Mutants of the area `deno` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const denoRows = [
  {
    file: "src/deno/child_state.ts",
    before: "const settleMs = 30;",
    afters: ["const settleMs = 31;"],
    reason: "How long the usual news is waited for changes the time, and no result",
  },
  {
    file: "src/deno/file_lock.ts",
    before: "if (!shared) turn[Symbol.dispose]();",
    afters: ["if (true) turn[Symbol.dispose]();"],
    reason:
      "Passing a turn on twice lets another one wait in the kernel, which keeps them apart all the same",
  },
  {
    file: "src/deno/file_lock.ts",
    before: "file.seekSync(0, Deno.SeekMode.Start);",
    afters: [";"],
    reason: "Each holder writes its note once, at the start of a file that it has just opened",
  },
  {
    file: "src/deno/file_lock.ts",
    before: "() => quickCalls.open(path, { create: true, read: true, write: true, mode }),",
    afters: ["() => quickCalls.open(path, { create: true, read: false, write: true, mode }),"],
    reason: "The kernel locks a file that is only written all the same",
  },
];
