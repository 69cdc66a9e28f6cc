/**
 * What every output format is given: the credentials, and how they are to be shown.
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";

/** Credentials keyed `sts-<profile>`, in the order in which the profiles were asked for. */
export type CredentialSet = Readonly<Record<string, CredentialsFields>>;

/** How credentials are to be shown. */
export interface FormatOptions {
  /** Milliseconds since 1970, for the time left. */
  readonly now: number;
  /** Whether a format for people shows secrets. Default: false. */
  readonly showSecrets?: boolean;
  /** The width that a format for people keeps to. Default: as wide as needed. */
  readonly columns?: number;
  /** Whether a format for people may use colors. Default: false. */
  readonly color?: boolean;
  /** A region to give along with the credentials. */
  readonly region?: string | undefined;
}
