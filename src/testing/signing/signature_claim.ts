/**
 * What a request claims about its signature (AWS Signature Version 4), and the checks of its scope and time.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @module
 */

import { EmulatorError, signatureDoesNotMatch } from "../http/error.ts";

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a request claims about its signature. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  /** The date, region, service and `aws4_request` of the credential scope. */
  readonly scope: readonly [date: string, region: string, service: string, terminator: string];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When the request was signed: 20260101T000000Z. */
  readonly timestamp: string;
  /** For how many seconds a presigned URL is valid. */
  readonly expiresSeconds?: number;
}

/** The only supported algorithm. */
export const ALGORITHM = "AWS4-HMAC-SHA256";
const TOLERANCE = 15 * 60_000;

/**
 * Parses the claim from the Authorization header or the query.
 *
 * @throws {EmulatorError} MissingAuthenticationToken or IncompleteSignature
 */
export function parseClaim({ url, headers }: SignedRequest): SignatureClaim {
  const query = url.searchParams;
  if (query.has("X-Amz-Signature")) {
    return claim((name) => query.get(`X-Amz-${name}`), {
      timestamp: query.get("X-Amz-Date"),
      sessionToken: query.get("X-Amz-Security-Token"),
      expiresSeconds: Number(query.get("X-Amz-Expires") ?? 900),
    });
  }
  const authorization = headers.get("authorization");
  if (authorization === null) {
    throw new EmulatorError(
      "MissingAuthenticationToken",
      403,
      "Request is missing Authentication Token",
    );
  }
  const fields = parseAuthorization(authorization);
  return claim((name) => fields.get(name) ?? null, {
    timestamp: headers.get("x-amz-date"),
    sessionToken: headers.get("x-amz-security-token"),
  });
}

function parseAuthorization(header: string): ReadonlyMap<string, string> {
  const [algorithm = "", ...rest] = header.split(" ");
  const fields = rest.join("").split(",").map((field): [string, string] => {
    const equals = field.indexOf("=");
    return [field.slice(0, equals), field.slice(equals + 1)];
  });
  return new Map([["Algorithm", algorithm], ...fields]);
}

interface ClaimExtras {
  readonly timestamp: string | null;
  readonly sessionToken: string | null;
  readonly expiresSeconds?: number;
}

function claim(read: (name: string) => string | null, extras: ClaimExtras): SignatureClaim {
  if (read("Algorithm") !== ALGORITHM) throw incomplete(`only ${ALGORITHM} is supported`);
  const need = (name: string) => {
    const value = read(name);
    if (!value) throw incomplete(`'${name}' is missing`);
    return value;
  };
  const parts = need("Credential").split("/");
  const [accessKeyId, date, region, service, terminator] = parts;
  if (!accessKeyId || !date || !region || !service || !terminator || parts.length !== 5) {
    throw incomplete("'Credential' must have the form key/date/region/service/aws4_request");
  }
  if (!/^\d{8}T\d{6}Z$/.test(extras.timestamp ?? "")) {
    throw incomplete("'X-Amz-Date' must have the form 20260101T000000Z");
  }
  const { timestamp, sessionToken, ...rest } = extras;
  return {
    accessKeyId,
    scope: [date, region, service, terminator],
    signedHeaders: need("SignedHeaders").split(";"),
    signature: need("Signature"),
    timestamp: timestamp ?? "",
    sessionToken: sessionToken ?? undefined,
    ...rest,
  };
}

function incomplete(why: string): EmulatorError {
  return new EmulatorError(
    "IncompleteSignature",
    400,
    `The request signature is not complete: ${why}`,
  );
}

/**
 * Rejects a claim with an invalid scope or time.
 *
 * @throws {EmulatorError} SignatureDoesNotMatch
 */
export function checkClaim(claim: SignatureClaim, now: number): void {
  const [date, , service, terminator] = claim.scope;
  if (terminator !== "aws4_request") {
    throw signatureDoesNotMatch(
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    );
  }
  if (service !== "sts") {
    throw signatureDoesNotMatch("Credential should be scoped to correct service: 'sts'.");
  }
  if (!claim.timestamp.startsWith(date)) {
    throw signatureDoesNotMatch(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
    );
  }
  if (!claim.signedHeaders.includes("host")) {
    throw signatureDoesNotMatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  checkTime(claim, now);
}

function checkTime({ timestamp, expiresSeconds }: SignatureClaim, now: number): void {
  const signed = parseTimestamp(timestamp);
  const life = expiresSeconds === undefined ? TOLERANCE : expiresSeconds * 1000;
  // Compared with "not", so that an invalid date (NaN) is rejected.
  if (!(signed + life >= now)) {
    const earliest = formatTimestamp(now - life);
    throw signatureDoesNotMatch(
      `Signature expired: ${timestamp} is now earlier than ${earliest} ` +
        `(${formatTimestamp(now)} - ${life / 60_000} min.)`,
    );
  }
  if (signed > now + TOLERANCE) {
    throw signatureDoesNotMatch(
      `Signature not yet current: ${timestamp} is still later than ` +
        `${formatTimestamp(now + TOLERANCE)} (${formatTimestamp(now)} + 15 min.)`,
    );
  }
}

/** Milliseconds since 1970 of `20260101T000000Z`; NaN if it is not a date. */
export function parseTimestamp(text: string): number {
  return Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

/** `20260101T000000Z`. */
export function formatTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
