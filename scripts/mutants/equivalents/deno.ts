/**
 * Mutants of the area `deno` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const denoRows = [
  {
    file: "src/deno/files.ts",
    before: "id: ino === null ? undefined : `${dev}:${ino}`,",
    afters: ["id: false ? undefined : `${dev}:${ino}`,"],
    reason: "On Windows alone there is no inode: elsewhere the two do the same",
  },
  {
    file: "src/deno/replacement.ts",
    before: 'const target = await targetOrPath(folder.slice(0, -1) || "/");',
    afters: ['const target = await targetOrPath(folder.slice(0, -1) || "");'],
    reason: "The root is always there, so it is never made",
  },
  {
    file: "src/deno/child_state.ts",
    before: 'if (Deno.build.os !== "windows") Deno.addSignalListener("SIGCHLD", this.#onChange);',
    afters: ['if (true) Deno.addSignalListener("SIGCHLD", this.#onChange);'],
    reason: "It differs on Windows alone, where no mutants are tried",
  },
  {
    file: "src/deno/child_state.ts",
    before:
      'if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGCHLD", this.#onChange);',
    afters: ['if (true) Deno.removeSignalListener("SIGCHLD", this.#onChange);'],
    reason: "It differs on Windows alone, where no mutants are tried",
  },
  {
    file: "src/deno/environment.ts",
    before: "return value !== undefined && homeNames.includes(name) ? slashed(value) : value;",
    afters: [
      "return true ? slashed(value) : value;",
      "return false ? slashed(value) : value;",
      "return value === undefined && homeNames.includes(name) ? slashed(value) : value;",
      "return value !== undefined || homeNames.includes(name) ? slashed(value) : value;",
    ],
    reason:
      "Elsewhere than on Windows, a path with slashes is the path as it is, be there one or not",
  },
  {
    file: "src/deno/environment.ts",
    before: 'const homeNames = ["HOME", "USERPROFILE"];',
    afters: ['const homeNames = ["", "USERPROFILE"];', 'const homeNames = ["HOME", ""];'],
    reason: "Elsewhere than on Windows, a path with slashes is the path as it is",
  },
  {
    file: "src/deno/child_state.ts",
    before: "const settleMs = 30;",
    afters: ["const settleMs = 31;"],
    reason: "How long the usual news is waited for changes the time, and no result",
  },
  {
    file: "src/deno/file_lock.ts",
    before: "() => quickCalls.open(path, { create: true, read: true, write: true, mode }),",
    afters: ["() => quickCalls.open(path, { create: true, read: false, write: true, mode }),"],
    reason: "The kernel locks a file that is only written all the same",
  },
];
