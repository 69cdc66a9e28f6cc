import { assertEquals } from "@std/assert";
import {
  type Failure,
  foreignFailure,
  isClockSuspect,
  isRetryable,
  readFailure,
} from "../../src/sts/failure.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function answered(status: number, code?: string, message = "words of STS"): Failure {
  const error = Object.assign(new Error(message), code === undefined ? {} : { Code: code });
  return readFailure(error, { status, requestId: "id-1", clockOffset: 5 });
}

pure("readFailure() keeps what STS said", () => {
  assertEquals(answered(403, "AccessDenied"), {
    kind: "refused",
    code: "AccessDenied",
    text: "words of STS",
    status: 403,
    requestId: "id-1",
    clockOffset: 5,
  });
});

pure("readFailure() tells throttling, outages and refusals apart", () => {
  const kinds: readonly (readonly [number, string, Failure["kind"]])[] = [
    [400, "Throttling", "throttled"],
    [400, "RequestLimitExceeded", "throttled"],
    [503, "SlowDown", "throttled"],
    [400, "IDPCommunicationError", "failing"],
    [500, "InternalFailure", "failing"],
    [503, "ServiceUnavailable", "failing"],
    [502, "Whatever", "failing"],
    [400, "RequestTimeout", "failing"],
    [400, "ExpiredTokenException", "refused"],
    [403, "InvalidClientTokenId", "refused"],
    [403, "RegionDisabledException", "refused"],
    [400, "ValidationError", "refused"],
  ];
  for (const [status, code, kind] of kinds) assertEquals(answered(status, code).kind, kind, code);
});

pure("readFailure() recognises answers that are not of STS", () => {
  assertEquals(answered(502).code, "HTTP502");
  assertEquals(answered(502).kind, "failing");
  for (const status of [200, 302, 403, 404, 407]) {
    assertEquals(answered(status).kind, "foreign");
    assertEquals(answered(status).text, `responded with HTTP ${status}, but not as STS does`);
  }
  assertEquals(answered(400, "Odd\x1b[31m code").kind, "foreign");
  assertEquals(foreignFailure("odd"), { kind: "foreign", code: "malformed", text: "odd" });
});

pure("readFailure() finds the reason in the words of fetch, whichever error holds them", () => {
  const sending = "error sending request for url (https://sts.eu-west-1.amazonaws.com/): ";
  const words: readonly (readonly [string, string])[] = [
    ["client error (Connect): dns error: failed to lookup address information", "dns"],
    ["client error (Connect): tcp connect error: Connection refused (os error 111)", "refused"],
    ["client error (Connect): invalid peer certificate: UnknownIssuer", "certificate"],
    ["client error (Connect): tls handshake eof", "tls"],
    ["client error (Connect): tunnel error: unsuccessful", "proxy"],
    ["client error (SendRequest): connection closed before message completed", "closed"],
    ["connection error: Connection reset by peer (os error 104)", "closed"],
    ["tcp connect error: Network is unreachable (os error 101)", "route"],
    ["something new", "network"],
  ];
  for (const [text, code] of words) {
    const direct = readFailure(new TypeError(sending + text), undefined);
    assertEquals([direct.kind, direct.code], ["unreachable", code], text);
    const cause = new Error(sending + text);
    assertEquals(readFailure(new TypeError("fetch failed", { cause }), undefined).code, code);
  }
  assertEquals(readFailure("just text", undefined).text, "just text");
});

pure("readFailure() knows the time limit and missing permissions", () => {
  const late = new DOMException("no response within 10 s", "TimeoutError");
  assertEquals(readFailure(late, undefined), {
    kind: "timeout",
    code: "timeout",
    text: "no response within 10 s",
  });
  const denied = new Deno.errors.NotCapable(
    'Requires net access to "sts.amazonaws.com:443", run again with the --allow-net flag',
  );
  assertEquals(readFailure(denied, undefined), {
    kind: "permission",
    code: "permission",
    text: 'Requires net access to "sts.amazonaws.com:443"',
  });
});

pure("isRetryable() is true for what passes by itself, never for a no", () => {
  const retryable = [
    answered(400, "Throttling"),
    answered(400, "IDPCommunicationError"),
    answered(502),
    readFailure(new TypeError("Connection refused"), undefined),
    readFailure(new DOMException("late", "TimeoutError"), undefined),
  ];
  const final = [
    answered(403, "AccessDenied"),
    answered(403, "SignatureDoesNotMatch"),
    answered(302),
    readFailure(new TypeError("invalid peer certificate"), undefined),
    readFailure(new Deno.errors.NotCapable("Requires net access"), undefined),
  ];
  assertEquals(retryable.map(isRetryable), retryable.map(() => true));
  assertEquals(final.map(isRetryable), final.map(() => false));
});

pure("isClockSuspect() is true for refusals that a wrong clock explains", () => {
  assertEquals(isClockSuspect(answered(403, "SignatureDoesNotMatch")), true);
  assertEquals(isClockSuspect(answered(400, "RequestExpired")), true);
  assertEquals(isClockSuspect(answered(403, "AccessDenied")), false);
  assertEquals(isClockSuspect(answered(500, "RequestExpired")), false);
});

pure("readFailure() knows each code of throttling, of an outage and of a clock", () => {
  const throttling =
    "BandwidthLimitExceeded EC2ThrottledException LimitExceededException PriorRequestNotComplete " +
    "ProvisionedThroughputExceededException RequestLimitExceeded RequestThrottled " +
    "RequestThrottledException SlowDown ThrottledException Throttling ThrottlingException " +
    "TooManyRequestsException TransactionInProgressException";
  for (const code of throttling.split(" ")) assertEquals(answered(400, code).kind, "throttled");
  const transient =
    "IDPCommunicationError InternalFailure RequestTimeout RequestTimeoutException ServiceUnavailable";
  for (const code of transient.split(" ")) assertEquals(answered(400, code).kind, "failing");
  const clock =
    "AccessDeniedException AuthFailure InvalidSignatureException RequestExpired RequestInTheFuture " +
    "RequestTimeTooSkewed SignatureDoesNotMatch";
  for (const code of clock.split(" ")) {
    assertEquals(isClockSuspect(answered(403, code)), true, code);
    assertEquals(answered(403, code).kind, "refused", code);
  }
});

pure("readFailure() takes a status from 500 for an outage, and an odd code for none of STS", () => {
  assertEquals(answered(499, "Whatever").kind, "refused");
  assertEquals(answered(500, "Whatever").kind, "failing");
  assertEquals([answered(499).kind, answered(500).kind], ["foreign", "failing"]);
  assertEquals(answered(503).text, "responded with HTTP 503");
  const longest = "a".repeat(100);
  assertEquals([answered(400, longest).code, answered(400, `${longest}a`).kind], [
    longest,
    "foreign",
  ]);
  for (const code of ["", "two words"]) assertEquals(answered(400, code).code, "malformed");
  for (const thrown of [null, undefined, "text", { Code: 7 }]) {
    assertEquals(readFailure(thrown, { status: 403, requestId: "r", clockOffset: 1 }), {
      kind: "foreign",
      code: "malformed",
      text: "responded with HTTP 403, but not as STS does",
      status: 403,
      requestId: "r",
      clockOffset: 1,
    });
  }
  const silent = readFailure({ Code: "Odd" }, { status: 400, requestId: "r", clockOffset: 1 });
  assertEquals([silent.code, silent.text], ["Odd", ""]);
});

pure("readFailure() says each reason of the network in the same words", () => {
  const rows: readonly (readonly [message: string, code: string, text: string])[] = [
    ["proxy authentication required", "proxy", "the proxy refused"],
    ["unsuccessful tunnel", "proxy", "the proxy refused"],
    ["invalid peer certificate: Expired", "certificate", "its TLS certificate is not trusted"],
    ["UnknownIssuer", "certificate", "its TLS certificate is not trusted"],
    ["getaddrinfo ENOTFOUND sts", "dns", "its name cannot be resolved"],
    ["getaddrinfo EAI_AGAIN sts", "dns", "its name cannot be resolved"],
    ["Connection refused", "refused", "connection refused"],
    ["received fatal alert: HandshakeFailure", "tls", "the TLS handshake failed"],
    ["received corrupt message of type InvalidContentType", "tls", "the TLS handshake failed"],
    ["write EPIPE", "closed", "connection closed"],
    ["broken pipe", "closed", "connection closed"],
    ["unexpected EOF", "closed", "connection closed"],
    ["connect EHOSTUNREACH", "route", "no route to it"],
    ["connect ENETUNREACH", "route", "no route to it"],
    ["odd", "network", "odd"],
  ];
  for (const [message, code, text] of rows) {
    assertEquals(readFailure(new TypeError(message), undefined), {
      kind: "unreachable",
      code,
      text,
    });
    assertEquals(
      isRetryable(readFailure(new TypeError(message), undefined)),
      code !== "certificate",
    );
  }
  const nested = new Error("a", { cause: new Error("b", { cause: "c" }) });
  assertEquals(readFailure(nested, undefined).text, "a: b: c");
});
