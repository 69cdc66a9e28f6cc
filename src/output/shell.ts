/**
 * Sets and unsets variables in each shell, quoted so that no value can break out of its quotes.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/** The syntax of one shell, or of one kind of file, for variables. */
export interface Shell {
  /** Sets and exports a variable. @throws {UsageError} when the value cannot be represented */
  assign(name: string, value: string): string;
  /** Unsets variables; missing for files, which cannot. */
  unset?(names: readonly string[]): string;
  /** A line that is only read by people. */
  comment(text: string): string;
  /** A command that only fails, so that whatever evaluates it does; missing for files. */
  fail?(status: number): string;
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
 * Text as a PowerShell expression, always on one line: in a pipeline, PowerShell would run each line separately. There,
 * typographic single quotes end a string just as the plain one does.
 */
export function quotePowerShell(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`
    .replaceAll("\r", "' + [char]13 + '")
    .replaceAll("\n", "' + [char]10 + '");
}

/** sh, bash, zsh. */
export const posix: Shell = {
  assign(name, value) {
    reject(name, value, "a shell", /\0/, "a NUL");
    return `export ${name}=${quotePosix(value)}`;
  },
  unset: (names) => `unset ${names.join(" ")}`,
  comment: hash,
  fail: (status) => `(exit ${status})`,
};

/** fish. */
export const fish: Shell = {
  assign(name, value) {
    reject(name, value, "fish", /\0/, "a NUL");
    return `set -gx ${name} ${quoteFish(value)}`;
  },
  comment: hash,
  // Erasing what is not set fails, and the last line's status is that of `source`.
  unset: (names) => `set -e ${names.join(" ")}; or true`,
  fail: () => "false",
};

/** Windows PowerShell and PowerShell 7. */
export const powerShell: Shell = {
  assign(name, value) {
    reject(name, value, "PowerShell", /\0/, "a NUL");
    return `$Env:${name} = ${quotePowerShell(value)}`;
  },
  comment: hash,
  unset: (names) =>
    `Remove-Item ${names.map((name) => `Env:${name}`).join(",")} -ErrorAction SilentlyContinue`,
  fail: (status) => `throw 'stsaval failed with status ${status}'`,
};

/**
 * The Windows command prompt. No quoting for these characters works at the prompt, in a batch file and with delayed
 * expansion alike, so they are rejected; keys, tokens and dates have none of them.
 */
export const cmd: Shell = {
  assign(name, value) {
    reject(name, value, "cmd", /[%^!"\p{Cc}]/u, "a character that cmd cannot quote");
    const line = `set "${name}=${value}"`;
    if (line.length > 8_191) {
      throw new UsageError(`Cannot write ${name} for cmd: the line is longer than 8191 characters`);
    }
    return line;
  },
  unset: (names) => names.map((name) => `set "${name}="`).join("\n"),
  comment: (text) => `rem ${text}`,
  // Not `exit /b`, which closes the window where there is no batch file.
  fail: (status) => `cmd /c exit ${status}`,
};

/**
 * A file for `docker run --env-file`, which takes everything after `=` verbatim, and for dotenv libraries, which
 * unquote, expand and strip comments. Only bare values mean the same to both, and to a shell that sources the file.
 */
export const dotenv: Shell = {
  assign(name, value) {
    reject(name, value, "dotenv", /[^\w./+=:@,-]/, "a character that dotenv readers disagree on");
    return `${name}=${value}`;
  },
  comment: hash,
};

function hash(text: string): string {
  return `# ${text}`;
}

function reject(name: string, value: string, where: string, found: RegExp, what: string): void {
  if (!value.isWellFormed()) {
    throw new UsageError(`Cannot write ${name} for ${where}: the value is not well-formed text`);
  }
  if (found.test(value)) {
    throw new UsageError(`Cannot write ${name} for ${where}: the value holds ${what}`, {
      hint: "'--format json' supports every value",
    });
  }
}

/** By the names of their formats. */
export const shells = {
  ...{ env: posix, fish, powershell: powerShell, cmd, dotenv },
} as const satisfies Readonly<Record<string, Shell>>;
