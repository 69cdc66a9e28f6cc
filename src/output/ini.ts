/**
 * Credentials as sections of an AWS credentials file.
 *
 * @module
 */

import { unwritableWords, writtenName } from "../config/file/section_header.ts";
import { settingNames } from "../config/file/setting_names.ts";
import { type CredentialsFields, endOf } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";

/**
 * One section per profile, named like the credentials: `[sts-<profile>]`.
 *
 * @throws {UsageError} when readers would disagree on a name or a value
 */
export function formatIni(set: CredentialSet, options: FormatOptions): string {
  return Object.entries(set)
    .map(([key, credentials]) => formatSection(key, credentials, options.region))
    .join("\n");
}

function formatSection(key: string, credentials: CredentialsFields, region?: string): string {
  const { SessionToken } = credentials;
  const end = endOf(credentials);
  const values = Object.entries({
    [settingNames.accessKeyId]: credentials.AccessKeyId,
    [settingNames.secretAccessKey]: credentials.SecretAccessKey,
    ...(SessionToken === "" ? {} : { [settingNames.sessionToken]: SessionToken }),
    ...(region === undefined ? {} : { [settingNames.region]: region }),
  }).map(([name, value]) => `${name} = ${checkedValue(key, name, value)}\n`);
  const comment = end === undefined ? "" : `# ends ${end.toISOString()}\n`;
  return `[${checkedName(key)}]\n${comment}${values.join("")}`;
}

function checkedName(key: string): string {
  if (writtenName(key) !== undefined) return key;
  throw new UsageError(
    `Cannot write ${JSON.stringify(key)} as a section name: found ${unwritableWords}`,
    { hint: "'--format json' supports every name" },
  );
}

function checkedValue(key: string, name: string, value: string): string {
  if (!/^[!-~]+$/.test(value)) {
    throw new UsageError(
      `Cannot write ${name} of "${key}" as a value: wanted printable ASCII without spaces`,
      { hint: "'--format json' supports every value" },
    );
  }
  return value;
}
