/**
 * The failure of one attempt to call STS, as plain data. Only this module reads the errors of the SDK and of `fetch`.
 *
 * @module
 */

/** Why an attempt failed, by the way it is handled. */
export type FailureKind =
  /** STS rejected the request. */
  | "refused"
  /** STS throttles; the request itself was fine. */
  | "throttled"
  /** STS, or something in front of it, is failing. */
  | "failing"
  /** The response did not come from STS. */
  | "foreign"
  /** No connection, or one that broke. */
  | "unreachable"
  /** No response in time. */
  | "timeout"
  /** Deno denied a permission. */
  | "permission";

/** One attempt that failed. */
export interface Failure {
  readonly kind: FailureKind;
  /** STS's error code; for attempts without a response of STS, the reason in one word. */
  readonly code: string;
  /** The text of STS, or why there was no response. It can contain anything that the request contained. */
  readonly text: string;
  /** The HTTP status, if there was a response. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** How far STS's clock is ahead of this machine's, in milliseconds, by a response of STS itself. */
  readonly clockOffset?: number | undefined;
  /** How much further ahead it may be, in milliseconds: the duration of the exchange. */
  readonly travelMs?: number | undefined;
}

/** What the transport saw of the response, however the SDK interpreted it. */
export interface SeenResponse {
  readonly status: number;
  readonly requestId: string | undefined;
  /**
   * How far STS's clock is ahead of this machine's, in milliseconds; undefined if the response is not recognized
   * as STS's own, or has no date.
   */
  readonly clockOffset: number | undefined;
  /** How much further ahead it may be, in milliseconds: the duration of the exchange. */
  readonly travelMs?: number | undefined;
}

const throttlingCodes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

/** Transient errors with a status below 500. */
const transientCodes: ReadonlySet<string> = new Set([
  "IDPCommunicationError",
  "InternalFailure",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
]);

/** Errors that a wrong clock can cause. */
const clockCodes: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "AuthFailure",
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

interface TransportReason {
  readonly code: string;
  readonly text: string;
  readonly pattern: RegExp;
}

/** The first row that matches the error message applies. */
const transportReasons: readonly TransportReason[] = [
  { code: "proxy", text: "the proxy refused", pattern: /proxy|tunnel/i },
  {
    code: "certificate",
    text: "its TLS certificate is not trusted",
    pattern: /certificate|UnknownIssuer/i,
  },
  {
    code: "dns",
    text: "its name cannot be resolved",
    pattern: /dns error|lookup|ENOTFOUND|EAI_AGAIN/i,
  },
  { code: "refused", text: "connection refused", pattern: /refused/i },
  { code: "tls", text: "the TLS handshake failed", pattern: /tls|handshake|InvalidContentType/i },
  { code: "closed", text: "connection closed", pattern: /closed|reset|broken pipe|EPIPE|eof/i },
  { code: "route", text: "no route to it", pattern: /unreachable|EHOSTUNREACH|ENETUNREACH/i },
];

/** A response that looks like success but lacks the content of STS. */
export function foreignFailure(text: string, seen?: SeenResponse): Failure {
  return { kind: "foreign", code: "malformed", text, ...known(seen) };
}

/** Reads what the SDK threw; `seen` is what the transport saw of the response, if there was one. */
export function readFailure(error: unknown, seen: SeenResponse | undefined): Failure {
  if (seen === undefined) return transportFailure(error);
  const code = fieldOf(error, "Code");
  // The server may be anything, and the code goes into messages verbatim.
  if (code !== undefined && /^[\w.:-]{1,100}$/.test(code)) {
    const text = fieldOf(error, "message") ?? "";
    return { kind: kindOf(code, seen.status), code, text, ...known(seen) };
  }
  if (seen.status >= 500) {
    const text = `responded with HTTP ${seen.status}`;
    return { kind: "failing", code: `HTTP${seen.status}`, text, ...known(seen) };
  }
  return foreignFailure(`responded with HTTP ${seen.status}, but not as STS does`, seen);
}

/** True if the same request may succeed a moment later. */
export function isRetryable(failure: Failure): boolean {
  if (failure.kind === "unreachable") return failure.code !== "certificate";
  return ["throttled", "failing", "timeout"].includes(failure.kind);
}

/** True if a wrong clock can be the cause. */
export function isClockSuspect(failure: Failure): boolean {
  return failure.kind === "refused" && clockCodes.has(failure.code);
}

function kindOf(code: string, status: number): FailureKind {
  if (throttlingCodes.has(code)) return "throttled";
  return status >= 500 || transientCodes.has(code) ? "failing" : "refused";
}

function known(seen: SeenResponse | undefined): Partial<Failure> {
  return seen ?? {};
}

function transportFailure(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof Error && error.name === "NotCapable") {
    const text = message.replace(/, run again with .*/, "");
    return { kind: "permission", code: "permission", text };
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return { kind: "timeout", code: "timeout", text: error.message };
  }
  const reason = transportReasons.find(({ pattern }) => pattern.test(message));
  return {
    kind: "unreachable",
    code: reason?.code ?? "network",
    text: reason?.text ?? message,
  };
}

/** The messages of an error and of its causes; which of them holds the reason depends on the version of Deno. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

function fieldOf(error: unknown, name: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : undefined;
}
