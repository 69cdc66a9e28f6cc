/**
 * How each shell sets and unsets a variable, quoted so that no value can break out of its quotes.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/** The lines with which one shell, or one kind of file, takes variables. */
export interface Shell {
  /** Sets a variable and passes it on to child processes. @throws {UsageError} when the value cannot be carried */
  assign(name: string, value: string): string;
  /** Takes a variable away; missing for files, which have no such thing. */
  unset?(name: string): string;
}

/** Text as one word of sh, bash and zsh. */
export function quotePosix(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Text as one word of fish, where a backslash escapes within single quotes too. */
export function quoteFish(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/**
 * Text as an expression of PowerShell, on one line whatever it holds: in a pipeline, PowerShell would run each line
 * by itself. The typographic single quotes end a string there just as the plain one does.
 */
export function quotePowerShell(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`
    .replaceAll("\r", "' + [char]13 + '")
    .replaceAll("\n", "' + [char]10 + '");
}

/** sh, bash, zsh. */
export const posix: Shell = {
  assign(name, value) {
    refuse(name, value, "a shell", /\0/, "a NUL");
    return `export ${name}=${quotePosix(value)}`;
  },
  unset: (name) => `unset ${name}`,
};

/** fish. */
export const fish: Shell = {
  assign(name, value) {
    refuse(name, value, "fish", /\0/, "a NUL");
    return `set -gx ${name} ${quoteFish(value)}`;
  },
  unset: (name) => `set -e ${name}`,
};

/** Windows PowerShell and PowerShell 7. */
export const powerShell: Shell = {
  assign(name, value) {
    refuse(name, value, "PowerShell", /\0/, "a NUL");
    return `$Env:${name} = ${quotePowerShell(value)}`;
  },
  unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
};

/**
 * The Windows command prompt. It has no quoting for these characters that holds at the prompt, in a batch file and
 * with delayed expansion alike, so they are refused; keys, tokens and dates have none of them.
 */
export const cmd: Shell = {
  assign(name, value) {
    refuse(name, value, "cmd", /[%^!"\p{Cc}]/u, "a character that cmd cannot quote");
    const line = `set "${name}=${value}"`;
    if (line.length > 8_191) {
      throw new UsageError(`Cannot write ${name} for cmd: the line is longer than 8191 characters`);
    }
    return line;
  },
  unset: (name) => `set "${name}="`,
};

/**
 * A file for `docker run --env-file`, which takes everything after `=` as it is, and for dotenv libraries, which
 * unquote, expand and cut comments off. Only bare values mean the same to both, and to a shell that sources the file.
 */
export const dotenv: Shell = {
  assign(name, value) {
    refuse(name, value, "dotenv", /[^\w./+=:@,-]/, "a character that dotenv readers disagree on");
    return `${name}=${value}`;
  },
};

function refuse(name: string, value: string, where: string, found: RegExp, what: string): void {
  if (!value.isWellFormed()) {
    throw new UsageError(`Cannot write ${name} for ${where}: the value is not well-formed text`);
  }
  if (found.test(value)) {
    throw new UsageError(`Cannot write ${name} for ${where}: the value holds ${what}`, {
      hint: "'--format json' carries every value",
    });
  }
}
