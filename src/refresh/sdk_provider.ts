/**
 * A profile of a set as the function that AWS's own SDK for JavaScript takes for its credentials.
 *
 * @module
 */

import { type Credentials, endOf } from "../credentials.ts";
import { UsageError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { RenewalSlot } from "./renewal_slot.ts";

/** What the AWS SDK for JavaScript signs with: the fields of its `AwsCredentialIdentity`. */
export interface SdkCredentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The secret access key. */
  readonly secretAccessKey: string;
  /** The session token; undefined for long-term keys. */
  readonly sessionToken?: string;
  /** When they expire, if they do: five minutes before that, the SDK asks again. */
  readonly expiration?: Date;
  /** The account of the role; undefined for a profile without one. */
  readonly accountId?: string;
}

/** The `credentials` of a client of the AWS SDK for JavaScript. */
export type SdkCredentialProvider = () => Promise<SdkCredentials>;

/**
 * The provider of a profile. It never waits: it gives what `read` gives at that moment, or rejects with the reason.
 *
 * @throws {UsageError} when no slot is that of the profile
 */
export function createSdkProvider(
  profile: string,
  slots: readonly RenewalSlot[],
  read: (slot: RenewalSlot) => Credentials,
): SdkCredentialProvider {
  const slot = slots.find((one) => one.profile === profile);
  if (slot === undefined) throw unknownProfile(profile, slots.map((one) => one.profile));
  const account = slot.plan.roles.at(-1)?.roleArn.split(":")[4];
  // deno-lint-ignore require-await -- async turns what `read` throws into a rejection
  return async () => {
    const credentials = read(slot);
    const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
    const expiration = endOf(credentials);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === "" ? {} : { sessionToken: SessionToken }),
      ...(expiration === undefined ? {} : { expiration }),
      ...(account === undefined ? {} : { accountId: account }),
    };
  };
}

function unknownProfile(profile: string, profiles: readonly string[]): UsageError {
  const nearest = nearestName(profile, profiles);
  return new UsageError(`Cannot use profile "${profile}": it is not in the set`, {
    hint: nearest === undefined ? "name it in generateCredentials" : `did you mean "${nearest}"?`,
  });
}
