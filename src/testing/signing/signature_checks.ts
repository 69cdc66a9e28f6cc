/**
 * The checks that a claim must pass before its signature is compared: scope, signed headers and time, as strict as STS.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 *
 * @module
 */

import { signatureDoesNotMatch } from "../http/error.ts";
import {
  formatTimestamp,
  parseTimestamp,
  type SignatureClaim,
  type SignedRequest,
} from "./signature_claim.ts";

const TOLERANCE = 15 * 60_000;

/**
 * Rejects a claim with an invalid scope, invalid signed headers or an invalid time.
 *
 * @throws {EmulatorError} SignatureDoesNotMatch
 */
export function checkClaim(
  request: SignedRequest,
  claim: SignatureClaim,
  now: number,
  service: "sts" | "iam" = "sts",
): void {
  checkScope(request, claim, service);
  checkSignedHeaders(request, claim);
  checkTime(claim, now);
}

function checkScope(
  request: SignedRequest,
  { scope, timestamp }: SignatureClaim,
  wanted: string,
): void {
  const [date, region, service, terminator] = scope;
  if (terminator !== "aws4_request") {
    throw signatureDoesNotMatch(
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    );
  }
  if (service !== wanted) {
    throw signatureDoesNotMatch(`Credential should be scoped to correct service: '${wanted}'.`);
  }
  if (!isRegionOf(request, region)) {
    throw signatureDoesNotMatch(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  if (timestamp.slice(0, 8) !== date) {
    throw signatureDoesNotMatch(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
    );
  }
}

/**
 * True for the region of the endpoint that was called. The global endpoint is in us-east-1; an address without a region,
 * such as this machine's, serves all of them.
 */
function isRegionOf({ url }: SignedRequest, region: string): boolean {
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) return false;
  if (url.hostname === "sts.amazonaws.com") return region === "us-east-1";
  const [, own = region] =
    /(?:^|\.)sts(?:-fips)?\.([a-z]{2,}(?:-[a-z]+)+-\d+)\./.exec(url.hostname) ??
      [];
  return own === region;
}

function checkSignedHeaders(request: SignedRequest, { signedHeaders }: SignatureClaim): void {
  if (!signedHeaders.includes("host")) {
    throw signatureDoesNotMatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const canonical = [...new Set(signedHeaders.map((name) => name.toLowerCase()))].sort();
  if (canonical.join(";") !== signedHeaders.join(";")) {
    throw signatureDoesNotMatch(
      "'SignedHeaders' must be in lowercase and sorted, each name once, found " +
        `'${signedHeaders.join(";")}'.`,
    );
  }
  const missing = signedHeaders.filter((name) => !isPresent(request, name));
  if (missing.length > 0) {
    throw signatureDoesNotMatch(`Signed headers are not in the request: ${missing.join(", ")}.`);
  }
  const unsigned = [...request.headers.keys()]
    .filter((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw signatureDoesNotMatch(
    `There were headers present in the request which were not signed: ${unsigned.join(", ")}.`,
  );
}

/** A Request that never went over a socket lacks the headers that the transport adds. */
function isPresent({ headers }: SignedRequest, name: string): boolean {
  return headers.has(name) || name === "host" || name === "content-length";
}

/**
 * STS ignores how long a presigned URL claims to live: it is valid for 15 minutes (aws-iam-authenticator,
 * pkg/token/token.go). A shorter life is honoured here, so that a program can be tested with it.
 */
function checkTime({ timestamp, expiresSeconds = Infinity }: SignatureClaim, now: number): void {
  const signed = parseTimestamp(timestamp);
  const life = Math.min(expiresSeconds * 1_000, TOLERANCE);
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
