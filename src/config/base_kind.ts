/**
 * How a kind of base credentials is recognized in a profile. The kinds themselves are records in `src/source/`.
 *
 * @module
 */

import type { SessionPolicies, SourceStep } from "../plan.ts";
import type { Environment } from "../system.ts";
import type { ConfigEnvironment } from "./environment.ts";
import type { CredentialSource, Profile } from "./profile.ts";
import type { SsoSession } from "./sign_in_session.ts";

/** The settings of a request that choose the STS endpoint; each overrides the environment and the files. */
export interface EndpointRequest {
  /** The region of the STS endpoint. */
  readonly region?: string;
  /** The STS endpoint. */
  readonly endpointUrl?: string;
  /** True allows plain http to other machines. */
  readonly allowHttp?: boolean;
}

/** What goes with the variables where they alone name a kind. */
export interface EnvironmentContext {
  /** What the request says of endpoints. */
  readonly request?: EndpointRequest | undefined;
  /** The profile "default", for settings that are no credentials. */
  readonly defaults?: Profile | undefined;
}

/** A job of GitHub Actions, which can get tokens. */
export interface GithubJob {
  /** Whom the tokens are for. */
  readonly audience: string;
  /** Where it gets them: `ACTIONS_ID_TOKEN_REQUEST_URL`. */
  readonly url: string | undefined;
  /** True if `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, a secret, is set. */
  readonly hasRequestToken: boolean;
}

/** What a request says to the kinds of sources. */
export interface SourceRequest extends EndpointRequest {
  /** The job whose tokens the roles without a source take; undefined where they take none. */
  readonly github?: GithubJob;
}

/** What a kind is recognized from. */
export interface Recognition {
  /** The requested profile, for messages; `profile` is on its chain. */
  readonly asked: string;
  readonly profile: Profile;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly ssoSessions: ReadonlyMap<string, SsoSession>;
  readonly environment: ConfigEnvironment;
  /** The variables themselves, for kinds that have some of their own. */
  readonly env: Environment;
  /** What the request says; undefined where nothing was said. */
  readonly request?: SourceRequest | undefined;
}

/** A kind of base credentials, as recognized in the configuration. */
export interface BaseKind {
  /** Its name, as `explain` shows it. */
  readonly source: string;
  /** The profile whose credentials a profile without a role takes over, where it says so by this kind. */
  behind?(recognition: Recognition): string | undefined;
  /**
   * The step of a profile without a role that names this kind; undefined if it does not.
   *
   * @throws {ProfileError} when it does, but a setting is missing or conflicts with another
   */
  ofProfile?(recognition: Recognition): SourceStep | undefined;
  /** The same for a profile whose role the source assumes by itself. */
  ofRole?(recognition: Recognition): SourceStep | undefined;
  /**
   * The step of the environment's variables alone, for the default chain; undefined where they do not name this kind.
   *
   * @throws {StsavalError} when they do, but one is missing or conflicts with another
   */
  ofEnvironment?(env: Environment, context?: EnvironmentContext): SourceStep | undefined;
  /** The step with policies for the session of the role that it assumes, for a kind whose call takes them. */
  withPolicies?(step: SourceStep, policies: SessionPolicies): SourceStep;
  /** True where the profile itself holds the keys, so that they take precedence as those of a file do. */
  readonly isOwnKeys?: boolean;
  /** The value of `credential_source` that names this kind. */
  readonly credentialSource?: CredentialSource;
}
