/**
 * The answer of a `credential_process`, version 1, as the AWS SDKs and Tools Reference Guide describes it ("Process credential
 * provider").
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import type { CredentialSet } from "./credential_set.ts";

/** The answer for the only profile of the set. @throws {UsageError} where there is another number of them */
export function formatProcess(set: CredentialSet): string {
  const all = Object.values(set);
  const [only] = all;
  if (only !== undefined && all.length === 1) return formatProcessAnswer(only);
  throw new UsageError(`Cannot write ${all.length} profiles as process: wanted exactly one`, {
    hint: "give one name to --profiles",
  });
}

/** The answer itself. */
export function formatProcessAnswer(
  { AccessKeyId, SecretAccessKey, SessionToken, Expiration }: CredentialsFields,
): string {
  const answer = { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
