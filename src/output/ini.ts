/**
 * Credentials as sections of an AWS credentials file.
 *
 * @module
 */

import { settingNames } from "../config/profile.ts";
import type { CredentialsFields } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";

/**
 * One section a profile, named as the credentials are: `[sts-<profile>]`.
 *
 * @throws {UsageError} when a name or a value cannot be written so that every reader takes it for the same
 */
export function formatIni(set: CredentialSet, options: FormatOptions): string {
  return Object.entries(set)
    .map(([key, credentials]) => formatSection(key, credentials, options.region))
    .join("\n");
}

function formatSection(key: string, credentials: CredentialsFields, region?: string): string {
  const values = Object.entries({
    [settingNames.accessKeyId]: credentials.AccessKeyId,
    [settingNames.secretAccessKey]: credentials.SecretAccessKey,
    [settingNames.sessionToken]: credentials.SessionToken,
    ...(region === undefined ? {} : { [settingNames.region]: region }),
  }).map(([name, value]) => `${name} = ${checkedValue(key, name, value)}\n`);
  return `[${checkedName(key)}]\n# ends ${credentials.Expiration.toISOString()}\n${
    values.join("")
  }`;
}

function checkedName(key: string): string {
  // Readers disagree on brackets, quotes, spaces and comment marks in a section's name.
  if (/[[\]"'#;\s\p{Cc}]/u.test(key)) {
    throw new UsageError(
      `Cannot write ${
        JSON.stringify(key)
      } as the name of a section: found a character that ends or hides it`,
      { hint: "'--format json' carries every name" },
    );
  }
  return key;
}

function checkedValue(key: string, name: string, value: string): string {
  if (!/^[!-~]+$/.test(value)) {
    throw new UsageError(
      `Cannot write ${name} of "${key}" as a value: wanted printable ASCII without spaces`,
      { hint: "'--format json' carries every value" },
    );
  }
  return value;
}
