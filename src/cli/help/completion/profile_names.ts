/**
 * Profile names for completion, read from section headers by `sed` alone: the program's start-up is too slow for the tab
 * key. The rules for names are those of `src/config/file/section_header.ts`, repeated here in expressions that every
 * `sed` supports.
 *
 * @module
 */

const blank = "[[:space:]]*";
const name = String.raw`\([^][]*[^][[:space:]]\)`;
const profilePrefix = String.raw`profile[[:space:]]\{1,\}`;
const comment = String.raw`[#;].*`;

/** Leaves what stands for the name where the line is the header `[prefix name]`. */
function takeHeader(prefix: string, name: string): readonly string[] {
  const header = `^${blank}\\[${blank}${prefix}${name}${blank}\\]${blank}`;
  return [`s/${header}$/\\1/`, "t name", `s/${header}${comment}$/\\1/`, "t name"];
}

/** Prints what is left, without the quotes around it. A label ends with its line, and so does each command. */
const printName = [
  ...["d", ":name", `/^[^"'].*[[:space:]][#;]/d`, `s/^"\\(.*\\)"$/\\1/`, `s/^'\\(.*\\)'$/\\1/`],
  ...[`/^["']/d`, "/^$/d", `s/'"'"'/'/g`, "p"],
];

const otherKinds = ["profile", "sso-session", "services", "stsaval-group"].map((word) =>
  `/^${blank}\\[${blank}${word}[[:space:]]/d`
);
const headersAlone = `/^${blank}\\[/!d`;
const inConfig = [
  headersAlone,
  ...takeHeader("", String.raw`\(default\)`),
  ...takeHeader(profilePrefix, name),
];

/** A `sed` program, to be used with `-n`: the names in a config file. */
export const configNames: string = [...inConfig, ...printName].join("\n");

const inCredentials = [headersAlone, ...otherKinds, ...takeHeader("", name), ...printName];

/** A `sed` program, to be used with `-n`: the groups in a config file. */
export const groupNames: string = [
  headersAlone,
  ...takeHeader(String.raw`stsaval-group[[:space:]]\{1,\}`, name),
  ...printName,
].join("\n");

/** A `sed` program, to be used with `-n`: the names in a credentials file. */
export const credentialsNames: string = inCredentials.join("\n");

/** A `sed` program, to be used with `-n`: the names in a file of role definitions. */
export const roleNames: string = [...inConfig, ...inCredentials].join("\n");
