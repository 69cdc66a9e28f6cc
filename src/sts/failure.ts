/**
 * What went wrong in one attempt to call STS, as plain data. The errors of the SDK and of `fetch` are read here and
 * nowhere else.
 *
 * @module
 */

/** Why an attempt failed, in the classes that are treated differently. */
export type FailureKind =
  /** STS said no. */
  | "refused"
  /** STS asks for patience; the request itself was fine. */
  | "throttled"
  /** STS, or something in front of it, is out of order. */
  | "failing"
  /** The answer was not one of STS. */
  | "foreign"
  /** No connection, or one that broke. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** The program may not do it: Deno's permissions. */
  | "permission";

/** One attempt that failed. */
export interface Failure {
  readonly kind: FailureKind;
  /** STS's own code; for attempts without an answer of STS, the reason in one word. */
  readonly code: string;
  /** What STS said, or why there was no answer. It can hold anything that the request held. */
  readonly text: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** How far STS's clock is ahead of this machine's, in milliseconds, where STS's own answer told it. */
  readonly clockOffset?: number | undefined;
  /** By how much it may be further ahead, in milliseconds: the time that the answer took. */
  readonly travelMs?: number | undefined;
}

/** What the transport saw of the answer, whatever the SDK made of it. */
export interface SeenAnswer {
  readonly status: number;
  readonly requestId: string | undefined;
  /**
   * How far STS's clock is ahead of this machine's, in milliseconds; undefined where the answer is not recognised as
   * STS's own, or holds no date.
   */
  readonly clockOffset: number | undefined;
  /** By how much it may be further ahead, in milliseconds: the time that the answer took. */
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

/** Errors with a status below 500 that pass by themselves. */
const transientCodes: ReadonlySet<string> = new Set([
  "IDPCommunicationError",
  "InternalFailure",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
]);

/** Errors that a wrong clock can be behind. */
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

/** The first that matches the words of the error. */
const transportReasons: readonly TransportReason[] = [
  { code: "proxy", text: "the proxy refused", pattern: /proxy|tunnel/i },
  {
    code: "certificate",
    text: "its TLS certificate is not trusted",
    pattern: /certificate|UnknownIssuer/i,
  },
  {
    code: "dns",
    text: "its name is not known",
    pattern: /dns error|lookup|ENOTFOUND|EAI_AGAIN/i,
  },
  { code: "refused", text: "connection refused", pattern: /refused/i },
  { code: "tls", text: "the TLS handshake failed", pattern: /tls|handshake|InvalidContentType/i },
  { code: "closed", text: "connection closed", pattern: /closed|reset|broken pipe|EPIPE|eof/i },
  { code: "route", text: "no route to it", pattern: /unreachable|EHOSTUNREACH|ENETUNREACH/i },
];

/** The answer has the form of success, but not what STS puts into it. */
export function foreignFailure(text: string, seen?: SeenAnswer): Failure {
  return { kind: "foreign", code: "malformed", text, ...known(seen) };
}

/** Reads what the SDK threw; `seen` is what the transport saw of the answer, if there was one. */
export function readFailure(error: unknown, seen: SeenAnswer | undefined): Failure {
  if (seen === undefined) return transportFailure(error);
  const code = fieldOf(error, "Code");
  // Whatever answers there, a code goes into messages as it is.
  if (code !== undefined && /^[\w.:-]{1,100}$/.test(code)) {
    const text = fieldOf(error, "message") ?? "";
    return { kind: kindOf(code, seen.status), code, text, ...known(seen) };
  }
  if (seen.status >= 500) {
    const text = `answered with HTTP ${seen.status}`;
    return { kind: "failing", code: `HTTP${seen.status}`, text, ...known(seen) };
  }
  return foreignFailure(`answered with HTTP ${seen.status} and not as STS does`, seen);
}

/** True where the same request may succeed a moment later. */
export function isRetryable(failure: Failure): boolean {
  if (failure.kind === "unreachable") return failure.code !== "certificate";
  return ["throttled", "failing", "timeout"].includes(failure.kind);
}

/** True where a wrong clock can be the reason. */
export function isClockSuspect(failure: Failure): boolean {
  return failure.kind === "refused" && clockCodes.has(failure.code);
}

function kindOf(code: string, status: number): FailureKind {
  if (throttlingCodes.has(code)) return "throttled";
  return status >= 500 || transientCodes.has(code) ? "failing" : "refused";
}

function known(seen: SeenAnswer | undefined): Partial<Failure> {
  return seen ?? {};
}

function transportFailure(error: unknown): Failure {
  const words = wordsOf(error);
  if (error instanceof Error && error.name === "NotCapable") {
    const text = words.replace(/, run again with .*/, "");
    return { kind: "permission", code: "permission", text };
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return { kind: "timeout", code: "timeout", text: error.message };
  }
  const reason = transportReasons.find(({ pattern }) => pattern.test(words));
  return {
    kind: "unreachable",
    code: reason?.code ?? "network",
    text: reason?.text ?? words,
  };
}

/** The messages of an error and of what caused it; Deno puts the reason into either, by version. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
}

function fieldOf(error: unknown, name: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : undefined;
}
