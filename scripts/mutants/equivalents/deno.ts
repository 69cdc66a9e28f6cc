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
];
