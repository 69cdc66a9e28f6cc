/**
 * The formats of one credential: what `credential_process` wants, version 1, as specified in the AWS SDKs and Tools
 * Reference Guide ("Process credential provider"), and what `aws sts assume-role` prints.
 *
 * @module
 */

import { type CredentialsFields, endOf } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet } from "./credential_set.ts";

/** The output of a `credential_process`. @throws {UsageError} unless there is exactly one profile */
export function formatProcess(set: CredentialSet): string {
  return formatProcessOutput(onlyOne(set, "process"));
}

/** The output for one profile; without a session token and an end, where it has none. */
export function formatProcessOutput(credentials: CredentialsFields): string {
  const output = { Version: 1, ...fieldsOf(credentials) };
  return `${JSON.stringify(output, null, 2)}\n`;
}

/** The same on one line, as it is kept for `stsaval-process`. */
export function formatProcessLine(credentials: CredentialsFields): string {
  return `${JSON.stringify({ Version: 1, ...fieldsOf(credentials) })}\n`;
}

/**
 * `{"Credentials": {…}}`, as `aws sts assume-role` prints it: scripts read it with `jq`, coding agents as
 * `awsCredentialExport`.
 *
 * @throws {UsageError} unless there is exactly one profile
 */
export function formatSts(set: CredentialSet): string {
  return `${JSON.stringify({ Credentials: fieldsOf(onlyOne(set, "sts")) }, null, 4)}\n`;
}

function fieldsOf(credentials: CredentialsFields): object {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  return {
    ...{ AccessKeyId, SecretAccessKey },
    SessionToken: SessionToken === "" ? undefined : SessionToken,
    Expiration: endOf(credentials),
  };
}

function onlyOne(set: CredentialSet, format: string): CredentialsFields {
  const all = Object.values(set);
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  throw new UsageError(`Cannot write ${all.length} profiles as ${format}: wanted exactly one`, {
    hint: "give one name to --profiles",
  });
}
