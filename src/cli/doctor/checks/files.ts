/**
 * Checks of the files themselves: whether they can be read, by whom, and what the parser says of them.
 *
 * @module
 */

import { settingNames } from "../../../config/file/setting_names.ts";
import { differencesOf, differenceTable } from "../../../config/file/differences.ts";
import { pathInHome } from "../../../config/home.ts";
import { ConfigError, StsavalError } from "../../../errors.ts";
import type { Examined, ExaminedFile } from "../examined.ts";
import type { Check, Finding } from "../finding.ts";

const secretLine = new RegExp(
  `^\\s*(?:${settingNames.secretAccessKey}|${settingNames.sessionToken})\\s*[=:]\\s*\\S`,
  "im",
);

/** The rows. */
export const fileChecks: readonly Check[] = [
  {
    name: "configuration",
    summary: "the two files and the variables can be read as configuration",
    run: ({ configError }) => configError === undefined ? [] : [unreadable(configError)],
  },
  {
    name: "file-mode",
    summary:
      "files with secrets are readable by their owner alone, and none can be changed by others",
    run: ({ files }) => files.flatMap(modeFindings),
  },
  {
    name: "folder-mode",
    summary: "others cannot put files into ~/.aws",
    run: folderFindings,
  },
  {
    name: "file-owner",
    summary: "the files belong to you",
    run: ({ files }) =>
      files.filter(({ facts }) => facts?.foreign).map(({ path }) => ({
        severity: "warning" as const,
        message: "The file belongs to another user, who can change it",
        place: { file: path },
        cure: `take it over: sudo chown "$USER" ${path}`,
      })),
  },
  {
    name: "leftover",
    summary: "no temporary file of a killed process is left, which may hold secrets",
    run: ({ files }) =>
      files.flatMap(({ leftovers }) =>
        leftovers.map((file) => ({
          severity: "warning" as const,
          message: "A temporary file of a killed process is left, and may hold secrets",
          place: { file },
          cure: "remove it: stsaval doctor --fix",
          fix: { kind: "remove" as const, file },
        }))
      ),
  },
  {
    name: "parser",
    summary: "every line has an effect",
    run: ({ config }) =>
      (config?.warnings ?? []).filter(({ byRule }) => byRule !== true).map(
        ({ place, message }) => ({
          severity: "warning" as const,
          message: upperFirst(message),
          place,
          cure: "correct or remove the line",
        }),
      ),
  },
  {
    name: "read-differently",
    summary: "the AWS CLI, boto3 and the SDKs read every line alike",
    run: ({ files }) => files.flatMap(differenceFindings),
  },
  {
    name: "ended-keys",
    summary: "no section says that its credentials have expired",
    run: ({ files, invocation }) =>
      files.flatMap((file) => endedSections(file, invocation.system.clock.now())),
  },
];

function unreadable(error: unknown): Finding {
  const hint = error instanceof StsavalError ? error.hint : undefined;
  return {
    severity: "error",
    message: error instanceof Error ? error.message : String(error),
    place: error instanceof ConfigError ? error.place : undefined,
    cure: hint ?? "correct the line",
  };
}

function modeFindings({ kind, path, facts, text }: ExaminedFile): readonly Finding[] {
  const mode = facts?.special === false ? facts.mode : undefined;
  if (mode === undefined || (mode & 0o077) === 0) return [];
  const fix = text === undefined || facts?.foreign
    ? undefined
    : { kind: "mode" as const, file: path, before: mode };
  const rest = { place: { file: path }, cure: `chmod 600 ${path}`, fix };
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  if ((mode & 0o022) !== 0) {
    const message = `Others may change the file: found mode ${shown}, wanted 0600`;
    return [{ severity: "error", message, ...rest }];
  }
  if (kind === "config" && !secretLine.test(text ?? "")) return [];
  const message = `Others may read the secrets in the file: found mode ${shown}, wanted 0600`;
  return [{ severity: "warning", message, ...rest }];
}

async function folderFindings({ invocation }: Examined): Promise<readonly Finding[]> {
  const { env, files } = invocation.system;
  const folder = pathInHome("~/.aws", env);
  if (folder === undefined) return [];
  const facts = await files.facts(folder).catch(() => undefined);
  if (facts?.mode === undefined || (facts.mode & 0o022) === 0) return [];
  const shown = (facts.mode & 0o777).toString(8).padStart(4, "0");
  return [{
    severity: "error",
    message: `Others may replace the files in the folder: found mode ${shown}, wanted 0700`,
    place: { file: folder },
    cure: `chmod 700 ${folder}`,
  }];
}

function differenceFindings({ kind, path, text = "" }: ExaminedFile): readonly Finding[] {
  return differencesOf(text, kind).map(({ rule, line, message, replacement }) => ({
    severity: differenceTable[rule].rejects ? "error" : "warning",
    message: upperFirst(message),
    place: { file: path, line },
    cure: differenceTable[rule].cure,
    fix: replacement === undefined
      ? undefined
      : { kind: "lines" as const, file: path, line, replacement },
  }));
}

/** The keys in which tools write down when the credentials beside them end. */
const endLine =
  /^\s*(?:expiration|aws_expiration|aws_session_expiration|x_security_token_expires|aws_credential_expiration)\s*=\s*(\S+(?: [\d:]+)?)\s*$/i;

function endedSections({ path, text = "" }: ExaminedFile, now: number): readonly Finding[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const end = Date.parse(endLine.exec(line)?.[1] ?? "");
    if (Number.isNaN(end) || end > now) return [];
    return [{
      severity: "warning" as const,
      message: `The credentials of this section have expired, at ${new Date(end).toISOString()}`,
      place: { file: path, line: index + 1 },
      cure: "renew them with the tool that wrote them, or remove the section",
    }];
  });
}

/** A message of the parser begins in lower case, since a place stands in front of it there. */
function upperFirst(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
