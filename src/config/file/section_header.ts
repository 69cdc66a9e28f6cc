/**
 * Section headers of AWS's files: `[default]`, `[profile name]`, `[name]`, `[sso-session name]`, `[services name]`;
 * and our own `[stsaval-group name]`, which AWS's tools leave alone.
 *
 * @module
 */

/** `roles` is a file of role definitions outside `~/.aws`: sections may be `[name]` or `[profile name]`. */
export type IniKind = "config" | "credentials" | "roles";

/** The kinds of sections; `default` is `[default]` without the word "profile". */
export type HeaderKind = "profile" | "default" | "sso-session" | "services" | "stsaval-group";

/** A valid header, an ignored one with the profile that it may be meant for, or an invalid one. */
export type Header =
  | { readonly kind: HeaderKind; readonly name: string }
  | { readonly ignored: string; readonly meant?: string; readonly byRule?: true }
  | { readonly column: number; readonly found: string; readonly wanted: string };

/** Unquoted profile names, and keys. */
export const legalName = /^[A-Za-z0-9\-_/.%@:+]+$/;
/** Describes {@linkcode legalName}, for messages. */
export const legalNameWords = "letters, digits and -_/.%@:+";
const quotedName = /^(?:"([^"\\]*)"|'([^'"\\]*)')$/;

/** Reads a line that starts with "[". */
export function readHeader(line: string, file: IniKind): Header {
  const end = line.indexOf("]");
  const inside = line.slice(1, end < 0 ? undefined : end);
  const comment = inside.search(/[#;]/);
  const quoted = /^[^#;]*["']/.test(inside);
  if (end < 0 || (comment >= 0 && !quoted)) {
    const column = comment < 0 || quoted ? line.trimEnd().length + 1 : comment + 2;
    const found = comment < 0 || quoted ? "the end of the line" : "a comment";
    return { column, found, wanted: '"]" at the end of the section name' };
  }
  const rest = line.slice(end + 1);
  if (/^\s*(?:[#;]|$)/.test(rest)) return readName(inside.trim(), file);
  const column = end + 2 + rest.length - rest.trimStart().length;
  return { column, found: 'text after "]"', wanted: "a comment or the end of the line" };
}

function readName(inside: string, file: IniKind): Header {
  const [, prefix, rest] = /^(profile|sso-session|services|stsaval-group)\s+(\S.*)$/.exec(inside) ??
    [];
  if (prefix === undefined || rest === undefined) {
    return file === "config" ? readBareConfigName(inside) : named("profile", inside);
  }
  if (prefix === "stsaval-group" && file !== "config") {
    return { ignored: "groups of profiles stand in the config file" };
  }
  if (file === "credentials") {
    const ignored = 'in the credentials file it is "[name]", without a prefix';
    return { ignored, ...meantFor(prefix as HeaderKind, rest) };
  }
  return named(prefix as HeaderKind, rest);
}

/** Sections of the config file that belong to the AWS CLI. */
const awsCliSections: readonly string[] = ["plugins", "preview"];

function readBareConfigName(inside: string): Header {
  if (awsCliSections.includes(inside)) {
    return { ignored: "it belongs to the AWS CLI", meant: inside, byRule: true };
  }
  if (inside === "stsaval-group") return { ignored: 'a group is "[stsaval-group name]"' };
  if (inside === "default") return { kind: "default", name: "default" };
  if (inside.toLowerCase() === "default") {
    const why = 'it is not the default profile, which is "[default]", and nothing inherits from it';
    return { ignored: why, meant: "default" };
  }
  return {
    ignored: 'in the config file a profile is "[profile name]"',
    ...meantFor("profile", inside),
  };
}

function named(kind: HeaderKind, text: string): Header {
  if (legalName.test(text)) return { kind, name: text };
  const quoted = quotedName.exec(text);
  const name = quoted?.[1] ?? quoted?.[2];
  if (name === undefined) {
    const why = `a name may contain only ${legalNameWords}, unless it is quoted`;
    return { ignored: why, ...meantFor(kind, text) };
  }
  if (isVisible(name)) return { kind, name };
  const why = "a quoted name begins and ends with a visible character";
  return { ignored: why, ...meantFor(kind, name) };
}

/** The name without its quotes, and without a prefix in another case; empty for other kinds. */
function meantFor(kind: HeaderKind, text: string): { readonly meant?: string } {
  if (kind !== "profile") return {};
  return { meant: text.replace(/^profile\s+/i, "").replaceAll(/^["']|["']$/g, "").trim() };
}

/** True for a name on one line that begins and ends with a visible character. */
export function isVisible(name: string): boolean {
  return name !== "" && name === name.trim() && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
}
