/**
 * The input of every output format: the credentials and the format options.
 *
 * @module
 */

import type { CredentialsFields } from "../credentials.ts";

/** Credentials keyed `sts-<profile>`, in the order in which the profiles were requested. */
export type CredentialSet = Readonly<Record<string, CredentialsFields>>;

/** The options of a format. */
export interface FormatOptions {
  /** The current time in milliseconds since 1970, for the time left. */
  readonly now: number;
  /** Whether a human-readable format shows secrets. Default: false. */
  readonly showSecrets?: boolean;
  /** The maximum width of a human-readable format. Default: unlimited. */
  readonly columns?: number;
  /** Whether a human-readable format may use colors. Default: false. */
  readonly color?: boolean;
  /** A region to output with the credentials. */
  readonly region?: string | undefined;
}
