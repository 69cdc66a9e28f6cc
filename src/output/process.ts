/**
 * The output of a `credential_process`, version 1, as specified in the AWS SDKs and Tools Reference Guide ("Process
 * credential provider").
 *
 * @module
 */

import { type CredentialsFields, endOf } from "../credentials.ts";
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

/** The output for one profile; without a session token and an end, where it has none. */
export function formatProcessOutput(credentials: CredentialsFields): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  const output = {
    ...{ Version: 1, AccessKeyId, SecretAccessKey },
    SessionToken: SessionToken === "" ? undefined : SessionToken,
    Expiration: endOf(credentials),
  };
  return `${JSON.stringify(output, null, 2)}\n`;
}
