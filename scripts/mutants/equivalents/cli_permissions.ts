/**
 * Mutants of the area `cli/permissions` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const cliPermissionsRows = [
  {
    file: "src/cli/permissions/sandbox.ts",
    before: "const both = new Set(written.flat(2));",
    afters: ["const both = new Set(written.flat(3));"],
    reason: "The paths stand in lists of lists, so that no third level is there to flatten",
  },
];
