/**
 * Profile names for completion, read off the headers by `sed` alone: to start the program for it would take longer than
 * a person waits after the tab key. What is a name is told by `src/config/file/section_header.ts`; here it is said again in
 * the expressions that `sed` knows everywhere.
 *
 * @module
 */

const blank = "[[:space:]]*";
const bare = String.raw`\([A-Za-z0-9_/.%@:+-]\{1,\}\)`;
const quoted = String.raw`"\([^]"]\{1,\}\)"`;

/** Prints `name` where the line is the header `[prefix name]`. */
function printHeader(prefix: string, name: string): string {
  return String.raw`s/^\[${blank}${prefix}${name}${blank}\].*/\1/p`;
}

const profilePrefix = String.raw`profile[[:space:]]\{1,\}`;

/** A `sed` program, to be used with `-n`: the names in a config file. */
export const configNames: string = [
  printHeader("", String.raw`\(default\)`),
  printHeader(profilePrefix, bare),
  printHeader(profilePrefix, quoted),
].join(";");

/** A `sed` program, to be used with `-n`: the names in a credentials file. */
export const credentialsNames: string = [printHeader("", bare), printHeader("", quoted)].join(";");

/** A `sed` program, to be used with `-n`: the names in a file of role definitions. */
export const roleNames = `${configNames};${credentialsNames}`;
