/**
 * How a profile is seen to name a kind of base credentials. The kinds themselves are records in `src/source/`.
 *
 * @module
 */

import type { SourceStep } from "../plan.ts";
import type { CredentialSource, Profile } from "./profile.ts";
import type { SsoSession } from "./sign_in_session.ts";

/** What a kind is recognized from. */
export interface Recognition {
  /** The profile that was asked for, for messages; it leads to `profile`. */
  readonly asked: string;
  readonly profile: Profile;
  readonly ssoSessions: ReadonlyMap<string, SsoSession>;
}

/** A kind of base credentials, as far as the configuration tells it. */
export interface BaseKind {
  /** Its name, as `explain` shows it. */
  readonly source: string;
  /**
   * The step of a profile without a role that names this kind; undefined where it does not.
   *
   * @throws {ProfileError} where it does, but a setting is missing or contradicts another
   */
  ofProfile?(recognition: Recognition): SourceStep | undefined;
  /** The same for a profile whose role the source assumes by itself. */
  ofRole?(recognition: Recognition): SourceStep | undefined;
  /** The value of `credential_source` that names this kind. */
  readonly credentialSource?: CredentialSource;
}
