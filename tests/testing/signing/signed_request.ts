/**
 * Requests signed by hand, so that each part of a signature can be got wrong.
 *
 * @module
 */

import type { AccessKeys } from "../../../src/credentials.ts";
import { Signer } from "../../../src/testing/signing/signature.ts";
import {
  formatTimestamp,
  type SignatureClaim,
} from "../../../src/testing/signing/signature_claim.ts";

const URL_OF_STS = "https://sts.us-east-1.amazonaws.com/";
const FORM = "application/x-www-form-urlencoded; charset=utf-8";

/** What goes into a request. */
export interface RequestParts {
  readonly keys: AccessKeys;
  /** When it is signed, in milliseconds since 1970. */
  readonly at: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** What the claim says otherwise than it should. */
  readonly claim?: Partial<SignatureClaim>;
  readonly contentType?: string;
  /** More headers, which are signed as the others are. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that are put in after signing. */
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
}

function claimOf({ keys, at, claim }: RequestParts, signedHeaders: string[]): SignatureClaim {
  const timestamp = formatTimestamp(at);
  return {
    accessKeyId: keys.accessKeyId,
    sessionToken: keys.sessionToken,
    scope: [timestamp.slice(0, 8), "us-east-1", "sts", "aws4_request"],
    signedHeaders,
    signature: "",
    timestamp,
    ...claim,
  };
}

/** A POST with the signature in its Authorization header. */
export async function signedPost(parts: RequestParts): Promise<Request> {
  const { keys, contentType = FORM } = parts;
  const body = new Uint8Array(
    new TextEncoder().encode(String(new URLSearchParams(parts.parameters))),
  );
  const timestamp = parts.claim?.timestamp ?? formatTimestamp(parts.at);
  const headers = new Headers({
    "content-type": contentType,
    "x-amz-date": timestamp,
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
    ...parts.headers,
  });
  const claim = claimOf(parts, ["host", ...headers.keys()].sort());
  const signed = { method: "POST", url: new URL(URL_OF_STS), headers, body };
  const signature = await new Signer().sign(signed, claim, keys.secretAccessKey);
  headers.set("authorization", formatAuthorization({ ...claim, signature }));
  for (const [name, value] of Object.entries(parts.unsignedHeaders ?? {})) {
    headers.append(name, value);
  }
  return new Request(URL_OF_STS, { method: "POST", headers, body });
}

/** The Authorization header of a claim. */
export function formatAuthorization(claim: SignatureClaim): string {
  return `AWS4-HMAC-SHA256 Credential=${[claim.accessKeyId, ...claim.scope].join("/")}, ` +
    `SignedHeaders=${claim.signedHeaders.join(";")}, Signature=${claim.signature}`;
}

/** A GET with the signature in its URL. */
export async function presignedGet(
  parts: RequestParts,
  expires?: number | string,
): Promise<Request> {
  const claim = claimOf(parts, ["host"]);
  const url = new URL(URL_OF_STS);
  const query = {
    ...parts.parameters,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": [claim.accessKeyId, ...claim.scope].join("/"),
    "X-Amz-Date": claim.timestamp,
    ...(expires === undefined ? {} : { "X-Amz-Expires": String(expires) }),
    ...(claim.sessionToken === undefined ? {} : { "X-Amz-Security-Token": claim.sessionToken }),
    "X-Amz-SignedHeaders": claim.signedHeaders.join(";"),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const signed = { method: "GET", url, headers: new Headers(), body: new Uint8Array() };
  const signature = await new Signer().sign(signed, claim, parts.keys.secretAccessKey);
  url.searchParams.set("X-Amz-Signature", signature);
  return new Request(url);
}
