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
  readonly reason: string;
}

/** All of them. */
export const denoOnly: readonly DenoOnly[] = [
  {
    file: "tests/session/used_warnings_test.ts",
    reason: "runs command lines, and the command line runs on Deno alone",
  },
  {
    file: "tests/sts/lazy_sdk_test.ts",
    reason: "reads the sources, which the package of npm does not have",
  },
];
