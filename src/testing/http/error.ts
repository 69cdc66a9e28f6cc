/**
 * How the emulator says no: STS's error codes with their HTTP status and their text.
 *
 * @module
 */

/** A call that STS refuses, or that a fault made fail. */
export class EmulatorError extends Error {
  /** The name of the class. */
  override readonly name: string = "EmulatorError";
  /** STS's error code, such as "AccessDenied". */
  readonly code: string;
  /** The HTTP status that goes with it. */
  readonly status: number;

  /** An error as STS answers it. */
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A connection that broke before the answer came. `fetch` rejects with a `TypeError` then, so this is one. */
export class ConnectionDroppedError extends TypeError {
  /** The name of the class. */
  override readonly name: string = "ConnectionDroppedError";

  /** Says that it was the emulator's doing. */
  constructor() {
    super("Cannot reach STS: the emulator dropped the connection, as it was told to");
  }
}

/** 403 AccessDenied. */
export function accessDenied(message: string): EmulatorError {
  return new EmulatorError("AccessDenied", 403, message);
}

/** 400 ValidationError. */
export function validationError(message: string): EmulatorError {
  return new EmulatorError("ValidationError", 400, message);
}

/** 403 InvalidClientTokenId: nobody has this key, or not with this token. */
export function invalidClientTokenId(): EmulatorError {
  const message = "The security token included in the request is invalid.";
  return new EmulatorError("InvalidClientTokenId", 403, message);
}

/** 403 ExpiredToken: the temporary credentials have ended. */
export function expiredToken(): EmulatorError {
  const message = "The security token included in the request is expired";
  return new EmulatorError("ExpiredToken", 403, message);
}

/** 403 SignatureDoesNotMatch, for the reason given or because the secret is a wrong one. */
export function signatureDoesNotMatch(
  message = "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
): EmulatorError {
  return new EmulatorError("SignatureDoesNotMatch", 403, message);
}

/** 400 Throttling. */
export function throttling(): EmulatorError {
  return new EmulatorError("Throttling", 400, "Rate exceeded");
}

/** 400 InvalidAction: there is no such operation. */
export function invalidAction(action: string, version: string): EmulatorError {
  const message = `Could not find operation ${action} for version ${version}`;
  return new EmulatorError("InvalidAction", 400, message);
}
