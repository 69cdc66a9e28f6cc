/**
 * What `--version` prints.
 *
 * @module
 */

import { build } from "../../build.ts";
import { version } from "../../version.ts";

/** One line; with `--verbose` also the facts of the build, so that it can be compared with a release. */
export function describeVersion(words: readonly string[], facts = build): string {
  const line = `stsaval ${version}\n`;
  if (!words.includes("--verbose") && !words.includes("-v")) return line;
  if (facts === undefined) return `${line}from source\n`;
  const { commit, deno, lock, hosts, programs = [] } = facts;
  const more = [
    ...hosts.map((host) => `host    ${host}\n`),
    ...programs.map((program) => `program ${program}\n`),
  ];
  return `${line}commit  ${commit}\nDeno    ${deno}\nlock    sha256:${lock}\n${more.join("")}`;
}
