/**
 * The errors of the OIDC service and of the portal, as they are sent.
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";

/** A call that one of the two services rejects. */
export class SsoEmulatorError extends EmulatorError {
  /** The name of the class. */
  override readonly name: string = "SsoEmulatorError";
  /** The body, as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The class of the SDKs, sent in a header. */
  readonly type: string;

  /** An error as the service sends it. */
  constructor(
    status: number,
    { code, type, body }: {
      readonly code: string;
      readonly type: string;
      readonly body: Readonly<Record<string, unknown>>;
    },
  ) {
    super(code, status, code);
    this.type = type;
    this.body = body;
  }
}

const types: Readonly<Record<string, readonly [status: number, type: string]>> = {
  "authorization_pending": [400, "AuthorizationPendingException"],
  "slow_down": [400, "SlowDownException"],
  "expired_token": [400, "ExpiredTokenException"],
  "access_denied": [400, "AccessDeniedException"],
  "invalid_grant": [400, "InvalidGrantException"],
  "invalid_client": [401, "InvalidClientException"],
  "unauthorized_client": [400, "UnauthorizedClientException"],
  "unsupported_grant_type": [400, "UnsupportedGrantTypeException"],
  "invalid_redirect_uri": [400, "InvalidRedirectUriException"],
  "invalid_request": [400, "InvalidRequestException"],
};

/** An error of the OIDC service: `{"error", "error_description"}`. */
export function oauthError(code: string, description: string): SsoEmulatorError {
  const [status, type] = types[code] ?? [400, "InvalidRequestException"];
  return new SsoEmulatorError(status, {
    code,
    type,
    body: { "error": code, "error_description": description },
  });
}

/** An error of the portal: `{"message", "__type"}`. */
export function portalError(status: number, type: string, message: string): SsoEmulatorError {
  const body = { message, "__type": `com.amazonaws.switchboard.portal#${type}` };
  return new SsoEmulatorError(status, { code: type, type, body });
}
