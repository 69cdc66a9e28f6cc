/**
 * The version, for `--version`, log lines and the user agent. A test holds it to `deno.json`.
 *
 * @module
 */

/** The version of this release. */
export const version = "0.1.0";
