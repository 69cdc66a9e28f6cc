/**
 * The errors of the emulator: STS's error codes with their HTTP status and message.
 *
 * @module
 */

/** A call that STS rejects, or that a fault made fail. */
export class EmulatorError extends Error {
  /** The name of the class. */
  override readonly name: string = "EmulatorError";
  /** STS's error code, such as "AccessDenied". */
  readonly code: string;
  /** The HTTP status that goes with it. */
  readonly status: number;

  /** An error as STS returns it. */
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A connection that broke before the response. `fetch` rejects with a `TypeError` then, so this is one. */
export class ConnectionDroppedError extends TypeError {
  /** The name of the class. */
  override readonly name: string = "ConnectionDroppedError";

  /** The message says that the emulator dropped the connection on purpose. */
  constructor() {
    super("Cannot reach STS: the emulator dropped the connection, as a fault rule says");
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

/** 400 MalformedPolicyDocument. */
export function malformedPolicy(message: string): EmulatorError {
  return new EmulatorError("MalformedPolicyDocument", 400, message);
}

/** 400 InvalidParameterValue. */
export function invalidParameterValue(message: string): EmulatorError {
  return new EmulatorError("InvalidParameterValue", 400, message);
}

/** 403 InvalidClientTokenId: the key does not exist, or not with this token. */
export function invalidClientTokenId(): EmulatorError {
  const message = "The security token included in the request is invalid.";
  return new EmulatorError("InvalidClientTokenId", 403, message);
}

/** 403 ExpiredToken: the temporary credentials have expired. */
export function expiredToken(): EmulatorError {
  const message = "The security token included in the request is expired";
  return new EmulatorError("ExpiredToken", 403, message);
}

/** 403 SignatureDoesNotMatch, for the given reason or because the secret is wrong. */
export function signatureDoesNotMatch(
  message = "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
): EmulatorError {
  return new EmulatorError("SignatureDoesNotMatch", 403, message);
}

/** 413 RequestEntityTooLarge. */
export function entityTooLarge(limit: number): EmulatorError {
  const message = `The request body is larger than ${limit} bytes`;
  return new EmulatorError("RequestEntityTooLarge", 413, message);
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
