/**
 * The table of output formats: adding a format means adding a record.
 *
 * @module
 */

import { endOf } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";
import { formatCredentialTable } from "./credential_table.ts";
import { formatIni } from "./ini.ts";
import { formatProcess, formatSts } from "./process.ts";
import { type Shell, shells } from "./shell.ts";
import {
  formatServerVariables,
  formatUnsetVariables,
  formatVariables,
  type ServerVariables,
} from "./variables.ts";

export type { CredentialSet, FormatOptions } from "./credential_set.ts";

/** One output format. */
export interface Format {
  /** What `--format` takes. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Whether its output contains secrets even without `showSecrets`. */
  readonly holdsSecrets: boolean;
  /** True if it takes exactly one profile. */
  readonly single?: boolean;
  /** The text, newline-terminated. @throws {UsageError} when the format cannot represent the set */
  format(set: CredentialSet, options: FormatOptions): string;
  /** The lines that unset what `format` sets for the same keys, with any region. */
  formatUnset?(keys: readonly string[]): string;
  /** For shells: the assignments that lead to a server, a block for each. */
  formatServer?(blocks: readonly ServerVariables[]): string;
  /** For shells: what makes `eval` and its like fail, with this status where the shell can. */
  formatFailure?(status: number): string;
}

/** All formats, in the order of the help. */
export const formats: readonly Format[] = [
  {
    name: "json",
    summary: "JSON, keyed sts-<profile>",
    holdsSecrets: true,
    format: formatJson,
  },
  {
    name: "table",
    summary: "a table for people, without secrets",
    holdsSecrets: false,
    format: formatCredentialTable,
  },
  variables("env", "variables for bash, zsh and sh"),
  variables("fish", "variables for fish"),
  variables("powershell", "variables for PowerShell"),
  variables("cmd", "variables for the Windows command prompt"),
  variables("dotenv", "a .env file, also for docker --env-file"),
  {
    name: "ini",
    summary: "sections of an AWS credentials file",
    holdsSecrets: true,
    format: formatIni,
  },
  {
    name: "process",
    summary: "what credential_process wants, one profile",
    holdsSecrets: true,
    single: true,
    format: formatProcess,
  },
  {
    name: "sts",
    summary: "what aws sts assume-role prints, one profile",
    holdsSecrets: true,
    single: true,
    format: formatSts,
  },
];

/** The formats that set variables. */
export const variableFormats: readonly string[] = Object.keys(shells);

/** What else people call a format: the shell that reads it. */
const synonyms: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ...{ bash: "env", sh: "env", zsh: "env", ksh: "env", dash: "env", pwsh: "powershell" },
};

/**
 * The format of that name, or of the shell of that name. The error lists the choices.
 *
 * @throws {UsageError} when there is none
 */
export function findFormat(
  name: string,
  choices: readonly string[] = formats.map((format) => format.name),
): Format {
  const found = formats.find((format) => format.name === (synonyms[name] ?? name));
  if (found !== undefined) return found;
  const nearest = nearestName(name, choices);
  throw new UsageError(`Unknown format "${name}": wanted ${choices.join(", ")}`, {
    hint: nearest === undefined ? undefined : `did you mean '--format ${nearest}'?`,
  });
}

function variables(name: keyof typeof shells, summary: string): Format {
  const shell: Shell = shells[name];
  const { unset, fail } = shell;
  return {
    name,
    summary,
    holdsSecrets: true,
    format: (set, options) => formatVariables(set, options, shell),
    formatServer: (blocks) => formatServerVariables(blocks, shell),
    ...(unset === undefined ? {} : {
      formatUnset: (keys) => formatUnsetVariables(keys, unset),
    }),
    ...(fail === undefined ? {} : { formatFailure: (status) => `${fail(status)}\n` }),
  };
}

/** The shape in which the original program returned its credentials; long-term keys have no token and no end. */
function formatJson(set: CredentialSet): string {
  const entries = Object.entries(set).map(([key, credentials]) => [key, {
    StartTime: credentials.StartTime,
    Expiration: endOf(credentials),
    AccessKeyId: credentials.AccessKeyId,
    SecretAccessKey: credentials.SecretAccessKey,
    SessionToken: credentials.SessionToken === "" ? undefined : credentials.SessionToken,
  }]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
