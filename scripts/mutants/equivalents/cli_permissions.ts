/**
 * Mutants of the area `cli/permissions` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const cliPermissionsRows = [
  {
    file: "src/cli/permissions/named_sources.ts",
    before:
      'if (profiles.length === 0 && (given.text("policy") ?? given.text("scope")) === undefined) {\n    return [];\n  }',
    afters: [";"],
    reason: "What is loaded after it finds no file either: it is left alone to save time",
  },
  {
    file: "src/cli/permissions/resolve_sources.ts",
    before: "if (error instanceof StsavalError) return [];",
    afters: ["if (true) return [];"],
    reason: "What is caught is ours: nothing else is thrown for a section",
  },
  {
    file: "src/cli/permissions/sandbox.ts",
    before: "const both = new Set(written.flat(2));",
    afters: ["const both = new Set(written.flat(3));"],
    reason: "The paths stand in lists of lists, so that no third level is there to flatten",
  },
];
