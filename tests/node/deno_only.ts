/**
 * The tests that are not run under Node and Bun, each with the reason.
 *
 * @module
 */

/** A test that needs Deno. */
export interface DenoOnly {
  readonly file: string;
  /** Its name; undefined for all of the file. */
  readonly test?: string;
  /** The only runtime that it is left out of, such as "bun"; undefined for both. */
  readonly under?: "bun";
  readonly reason: string;
}

/** All of them. */
export const denoOnly: readonly DenoOnly[] = [
  {
    file: "tests/session/used_warnings_test.ts",
    reason: "runs command lines, and the command line runs on Deno alone",
  },
  {
    file: "tests/config/load_test.ts",
    test: "loadRoleFile() refuses what it cannot read, without showing it",
    under: "bun",
    reason: "the place of a fault in JSON comes from V8's message, and Bun's engine tells none",
  },
  {
    file: "tests/sts/lazy_sdk_test.ts",
    reason: "reads the sources, which the package of npm does not have",
  },
];
