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

/** A valid header, or an ignored one with the profile that it may be meant for. */
export type Header =
  | { readonly kind: HeaderKind; readonly name: string }
  | { readonly ignored: string; readonly meant?: string; readonly byRule?: true };

/** Keys of settings. */
export const legalKey = /^[A-Za-z0-9\-_/.%@:+]+$/;
/** What {@linkcode legalKey} allows, in words. */
export const legalKeyWords = "letters, digits and -_/.%@:+";

/** A name in quotes may hold brackets. */
const quotedHeader = /^\[(\s*(?:[\w-]+\s+)?(?:"[^"]*"|'[^']*')\s*)\](.*)$/;
const plainHeader = /^\[([^\]]*)\](.*)$/;

/** Reads a line that starts with "[". */
export function readHeader(line: string, file: IniKind): Header {
  const [, inside, rest] = quotedHeader.exec(line) ?? plainHeader.exec(line) ?? [];
  if (inside === undefined || rest === undefined) {
    return { ignored: 'found the end of the line, wanted "]"', ...meantBy(line.slice(1), file) };
  }
  const found = whatBreaks(inside, rest);
  if (found === undefined) return readName(inside.trim(), file);
  return { ignored: found, ...meantBy(inside, file) };
}

/** What keeps the line from being a header: readers disagree on what its name is, or whether it has one. */
function whatBreaks(inside: string, rest: string): string | undefined {
  if (/\S/.test(rest) && !/^\s*[#;]/.test(rest)) return 'found text after "]"';
  if (/^[^"']*\[/.test(inside)) return 'found a second "["';
  if (/^[^"']*\s[#;]/.test(inside)) return 'found a comment before "]"';
  return undefined;
}

function readName(inside: string, file: IniKind): Header {
  const [prefix, rest] = splitPrefix(inside);
  if (prefix === undefined) {
    return file === "config" ? readBareConfigName(inside) : named("profile", inside, file);
  }
  if (prefix === "stsaval-group" && file !== "config") {
    return { ignored: "groups of profiles stand in the config file" };
  }
  if (file === "credentials") {
    const ignored = 'in the credentials file it is "[name]", without a prefix';
    return { ignored, ...meantFor(prefix, rest) };
  }
  return named(prefix, rest, file);
}

function splitPrefix(inside: string): readonly [HeaderKind | undefined, string] {
  const [, prefix, rest] = /^(profile|sso-session|services|stsaval-group)\s+(\S.*)$/.exec(inside) ??
    [];
  return rest === undefined ? [undefined, inside] : [prefix as HeaderKind, rest];
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

function named(kind: HeaderKind, text: string, file: IniKind): Header {
  const name = unquotedName(text, file);
  if (name === undefined) {
    return { ignored: "the quotes around its name do not match", ...meantFor(kind, text) };
  }
  if (isVisible(name)) return { kind, name };
  const why = name.includes("\ufffd")
    ? "its name holds a byte that is not UTF-8"
    : "a name begins and ends with a visible character";
  return { ignored: why, ...meantFor(kind, name) };
}

/**
 * The name that a header stands for. The AWS CLI writes a name with blanks in quotes into the config file and reads it as
 * a shell would; the Go SDK reads it without quotes too. In the credentials file the AWS CLI writes every name as it is.
 * Undefined where quotes around a name do not match.
 */
export function unquotedName(text: string, file: IniKind = "config"): string | undefined {
  const isQuoted = /^(["']).*\1$/.test(text);
  const [word, another] = isQuoted || (file !== "credentials" && /\s/.test(text))
    ? shellWords(text) ?? []
    : [];
  if (word !== undefined && another === undefined) return word;
  return /^["']/.test(text) ? undefined : text;
}

/** The words of the text as Python's `shlex` splits it; undefined where a quote is left open. */
function shellWords(text: string): readonly string[] | undefined {
  const piece = /([ \t\r\n]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^ \t\r\n'"\\]+)/ysu;
  const words: string[] = [""];
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text);
    if (match === null) return undefined;
    const [, blank, single, double, escaped, plain] = match;
    const part = single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain;
    if (blank === undefined) words.push(`${words.pop()}${part}`);
    else words.push("");
  }
  return words;
}

/** What a broken header may be meant for. */
function meantBy(inside: string, file: IniKind): { readonly meant?: string } {
  const text = inside.replace(/^[[\s]+/, "").replace(/\s[#;].*$/, "").replace(/[\s}>)]+$/, "");
  const [prefix = "profile", rest] = splitPrefix(text);
  return file === "credentials" && prefix !== "profile" ? {} : meantFor(prefix, rest);
}

/** The name without the quotes around it, and without a prefix in other letters; nothing for other kinds. */
function meantFor(kind: HeaderKind, text: string): { readonly meant?: string } {
  if (kind !== "profile") return {};
  return { meant: text.replace(/^profile\s+/i, "").replaceAll(/^["']|["']$/g, "").trim() };
}

/**
 * The name as it stands between brackets in the credentials file, where the AWS CLI writes and reads it as it is;
 * undefined where not every reader takes it for the same.
 */
export function writtenName(name: string): string | undefined {
  const header = readHeader(`[${name}]`, "credentials");
  const isSame = "name" in header && header.kind === "profile" && header.name === name;
  return isSame && !/[[\]]|\s[#;]/.test(name) ? name : undefined;
}

/** What {@linkcode writtenName} does not allow, in words. */
export const unwritableWords = "a bracket, a comment or quotes around all of it";

/** True for a name on one line that begins and ends with a visible character. */
export function isVisible(name: string): boolean {
  // As nearly all names are: the tables of Unicode take longer to make than a file to be read.
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(name)) return true;
  // Persian and the scripts of India join letters, or keep them apart, with these two.
  const letters = name.replaceAll(/(?<=\S)[\u200c\u200d](?=\S)/gu, "");
  return letters !== "" && name === name.trim() && !/[\p{C}\p{Zl}\p{Zp}\ufffd]/u.test(letters);
}
