/**
 * How a plan is carried out: what goes with it, for every step.
 *
 * @module
 */

import type { LogoutMark } from "../cache/logouts.ts";
import type { Credentials } from "../credentials.ts";
import type { EndpointSettings } from "../plan.ts";
import type { MfaSource } from "./mfa.ts";

/** The session tokens that one batch has requested, so that the next plan does not repeat a failed request. */
export type BatchSessions = Map<string, Promise<Credentials>>;

/** How one plan is executed. */
export interface CarryOutOptions {
  readonly mfa: MfaSource;
  readonly signal: AbortSignal;
  /** What was known of logouts when the request began: what was logged out since is not cached. */
  readonly mark?: LogoutMark | undefined;
  /** Shared by the plans of one batch. */
  readonly sessions?: BatchSessions | undefined;
  /** True in the background, where the user cannot be prompted for a code. */
  readonly inBackground?: boolean;
  /** True gets new credentials even if valid ones exist. */
  readonly renew?: boolean | undefined;
  /** Called with the endpoint before the user is prompted and the call is made; throwing prevents both. */
  readonly beforeCall?: ((endpoint?: EndpointSettings) => void) | undefined;
  /** Waits until a call may be made. */
  readonly turn?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** True also gets the session token, which later renewals need. */
  readonly keepFresh?: boolean | undefined;
}
