/**
 * Mutants of the area `session` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const sessionRows = [
  {
    file: "src/session/core.ts",
    before:
      "isLoggedOut: async (mark, owner) => await this.#logouts()?.covers(mark, owner) ?? false,",
    afters: ["isLoggedOut: async (mark, owner) => (await this.#logouts()?.covers(mark, owner)),"],
    reason: "Only its truth is looked at, and undefined is as false as false",
  },
  {
    file: "src/session/scope/narrowing_options.ts",
    before: 'if (typeof value === "string" && value.trim() !== "") return value;',
    afters: ['if (typeof value === "string" && value.trimStart() !== "") return value;'],
    reason: "Of a text of blanks, either end takes all",
  },
];
