/**
 * Parses what a request claims about its signature (AWS Signature Version 4).
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";

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
  /** Present in a presigned URL: for how many seconds it claims to be valid. */
  readonly expiresSeconds?: number;
}

/** The only supported algorithm. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** The longest life of a presigned URL that Signature Version 4 allows: seven days. */
const MAX_EXPIRES_SECONDS = 604_800;

/**
 * Parses the claim from the Authorization header or the query.
 *
 * @throws {EmulatorError} MissingAuthenticationToken or IncompleteSignature
 */
export function parseClaim({ url, headers }: SignedRequest): SignatureClaim {
  const authorization = headers.get("authorization");
  if (!isPresigned(url)) return parseHeaderClaim(authorization, headers);
  if (authorization !== null) {
    throw incomplete("it is in the 'Authorization' header and in the query string");
  }
  const read = (name: string) => readOnce(url.searchParams, `X-Amz-${name}`);
  return claim(read, {
    timestamp: read("Date"),
    sessionToken: read("Security-Token"),
    expiresSeconds: parseExpires(read("Expires")),
  });
}

/** When, where and for what the claimed key signed. */
export function useOf(
  { scope: [, region, service] }: SignatureClaim,
  at: number,
): { readonly at: number; readonly service: string; readonly region: string } {
  return { at, service, region };
}

/** True if the signature is in the query string. */
export function isPresigned({ searchParams }: URL): boolean {
  return ["Signature", "Credential", "Algorithm"].some((name) => searchParams.has(`X-Amz-${name}`));
}

/** The value of a parameter. If it were repeated, the signed value and the used one could differ. */
function readOnce(query: URLSearchParams, name: string): string | null {
  const [value = null, ...others] = query.getAll(name);
  if (others.length > 0) throw incomplete(`'${name}' appears more than once`);
  return value;
}

/** 15 minutes without the parameter, as STS has it. */
function parseExpires(text: string | null): number {
  if (text === null) return 900;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS) return seconds;
  throw incomplete(`'X-Amz-Expires' must be a number of seconds from 1 to ${MAX_EXPIRES_SECONDS}`);
}

function parseHeaderClaim(authorization: string | null, headers: Headers): SignatureClaim {
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
  const fields = new Map([["Algorithm", algorithm]]);
  for (const field of rest.join("").split(",")) {
    const [name = "", ...value] = field.split("=");
    if (fields.has(name)) throw incomplete(`'${name}' appears more than once`);
    fields.set(name, value.join("="));
  }
  return fields;
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

/** Milliseconds since 1970 of `20260101T000000Z`; NaN if it is not a date, such as 31 February. */
export function parseTimestamp(text: string): number {
  const time = Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  return Number.isNaN(time) || formatTimestamp(time) !== text ? NaN : time;
}

/** `20260101T000000Z`. */
export function formatTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
