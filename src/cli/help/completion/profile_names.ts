/**
 * Profile names for completion, read from section headers by `sed` alone: the program's start-up is too slow for the tab
 * key. The rules for names are those of `src/config/file/section_header.ts`, repeated here in expressions that every
 * `sed` supports.
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

/** A `sed` program, to be used with `-n`: the groups in a config file. */
export const groupNames: string = [bare, quoted].map((name) =>
  printHeader(String.raw`stsaval-group[[:space:]]\{1,\}`, name)
).join(";");

/** A `sed` program, to be used with `-n`: the names in a credentials file. */
export const credentialsNames: string = [printHeader("", bare), printHeader("", quoted)].join(";");

/** A `sed` program, to be used with `-n`: the names in a file of role definitions. */
export const roleNames = `${configNames};${credentialsNames}`;
