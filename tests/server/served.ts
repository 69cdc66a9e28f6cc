/**
 * Credentials for the tests of servers.
 *
 * @module
 */

import { Credentials } from "../../src/credentials.ts";
import type { ServedCredentials } from "../../src/server/served_credentials.ts";

/** When the credentials of these tests expire. */
export const end = Date.UTC(2026, 0, 1, 1, 0, 0, 999);

/** A role of the account 123456789012. */
export const roleArn = "arn:aws:iam::123456789012:role/team/Deploy";

/** Temporary keys that are as long as real ones. */
export function someCredentials(id = "ASIAEXAMPLEEXAMPLE00"): Credentials {
  return new Credentials({
    AccessKeyId: id,
    SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    SessionToken: "the-session-token",
    StartTime: new Date(Date.UTC(2026, 0, 1)),
    Expiration: new Date(end),
  });
}

/** Serves these credentials for each name; an error is thrown. */
export function serving(
  entries: Readonly<Record<string, Credentials | Error>>,
  ended?: string,
): ServedCredentials {
  const all = new Map(Object.entries(entries));
  return {
    roles: new Map([...all.keys()].map((name) => [name, roleArn])),
    ended,
    read(profile) {
      const found = all.get(profile);
      if (found === undefined) throw new Error(`asked for ${profile}`);
      if (found instanceof Error) throw found;
      return found;
    },
  };
}
