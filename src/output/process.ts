/**
 * The output of a `credential_process`, version 1, as specified in the AWS SDKs and Tools Reference Guide ("Process
 * credential provider").
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet } from "./credential_set.ts";

/** The output for the only profile of the set. @throws {UsageError} unless there is exactly one */
export function formatProcess(set: CredentialSet): string {
  const all = Object.values(set);
  const [only] = all;
  if (only !== undefined && all.length === 1) return formatProcessOutput(only);
  throw new UsageError(`Cannot write ${all.length} profiles as process: wanted exactly one`, {
    hint: "give one name to --profiles",
  });
}

/** The output for one profile. */
export function formatProcessOutput(
  { AccessKeyId, SecretAccessKey, SessionToken, Expiration }: CredentialsFields,
): string {
  const output = { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration };
  return `${JSON.stringify(output, null, 2)}\n`;
}
