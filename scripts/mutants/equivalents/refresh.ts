/**
 * Mutants of the area `refresh` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const refreshRows = [
  {
    file: "src/refresh/due_queue.ts",
    before: "if (first === undefined || last === undefined) return undefined;",
    afters: ["if (first === undefined && last === undefined) return undefined;"],
    reason: "An empty heap has neither, and any other one has both",
  },
  {
    file: "src/refresh/due_queue.ts",
    before: "for (let child = index; child > 0;) {",
    afters: ["for (let child = index; child >= 0;) {"],
    reason: "There is nothing above the root that it could be swapped with",
  },
  {
    file: "src/refresh/due_queue.ts",
    before: "if (first === undefined || second === undefined) return;",
    afters: [";", "if (first === undefined && second === undefined) return;"],
    reason: "Wherever two are swapped, both are in the heap",
  },
  {
    file: "src/refresh/refresher.ts",
    before: "if (slot.endsAt === Infinity || slot.nextRefresh === undefined) return 0;",
    afters: ["if (slot.endsAt === Infinity || slot.nextRefresh === undefined) return 1;"],
    reason: "The most is taken from 1 on, so that neither 0 nor 1 changes it",
  },
];
