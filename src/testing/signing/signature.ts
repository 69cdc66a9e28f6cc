/**
 * AWS Signature Version 4 as a server computes it. No part of it comes from an SDK, so an SDK that signs wrongly is
 * detected.
 *
 * @module
 */

import { signatureDoesNotMatch } from "../http/error.ts";
import {
  ALGORITHM,
  isPresigned,
  type SignatureClaim,
  type SignedRequest,
} from "./signature_claim.ts";

/** Computes signatures; derived signing keys are cached, as on a real server. */
export class Signer {
  readonly #derived = new Map<string, Promise<CryptoKey>>();
  readonly #kept: number;

  /** Keeps at most `kept` derived keys. */
  constructor(kept = 1000) {
    this.#kept = kept;
  }

  /** The expected signature of a request, in hexadecimal. */
  async sign(request: SignedRequest, claim: SignatureClaim, secret: string): Promise<string> {
    const canonical = await canonicalRequest(request, claim);
    const scope = claim.scope.join("/");
    const text = [ALGORITHM, claim.timestamp, scope, await sha256(encode(canonical))].join("\n");
    return hex(await hmac(await this.#key(secret, claim.scope), text));
  }

  /**
   * Rejects a request whose signature was not made with the secret.
   *
   * @throws {EmulatorError} SignatureDoesNotMatch
   */
  async verify(request: SignedRequest, claim: SignatureClaim, secret: string): Promise<void> {
    const payload = request.headers.get("x-amz-content-sha256");
    // STS knows no unsigned and no streamed payload.
    if (payload !== null && payload !== await sha256(request.body)) {
      throw signatureDoesNotMatch(
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    for (const headers of spellings(request.headers)) {
      if (await this.sign({ ...request, headers }, claim, secret) === claim.signature) return;
    }
    throw signatureDoesNotMatch();
  }

  #key(secret: string, scope: SignatureClaim["scope"]): Promise<CryptoKey> {
    const name = [secret, ...scope].join("/");
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    if (this.#derived.size >= this.#kept) this.#derived.clear();
    const derived = deriveKey(secret, scope);
    this.#derived.set(name, derived);
    return derived;
  }
}

/**
 * A header that was sent twice is signed as "a,b"; `Headers` has it as "a, b", as it has one header with a space in its
 * value. So both are tried.
 */
function* spellings(headers: Headers): Iterable<Headers> {
  yield headers;
  const rows = [...headers];
  if (!rows.some(([, value]) => value.includes(", "))) return;
  yield new Headers(
    rows.map(([name, value]): [string, string] => [name, value.replaceAll(", ", ",")]),
  );
}

async function deriveKey(secret: string, scope: SignatureClaim["scope"]): Promise<CryptoKey> {
  let key = await hmacKey(encode(`AWS4${secret}`));
  for (const part of scope) key = await hmacKey(await hmac(key, part));
  return key;
}

/** The canonical request: what the signature covers. */
export async function canonicalRequest(
  request: SignedRequest,
  { signedHeaders }: Pick<SignatureClaim, "signedHeaders">,
): Promise<string> {
  const headers = signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}\n`);
  return [
    request.method,
    request.url.pathname.split("/").map(encodeUri).join("/"),
    canonicalQuery(request.url),
    headers.join(""),
    signedHeaders.join(";"),
    await sha256(request.body),
  ].join("\n");
}

function canonicalHeader({ url, headers, body }: SignedRequest, name: string): string {
  const value = headers.get(name);
  // A Request that never went over a socket lacks the headers that the transport adds.
  if (value === null && name === "host") return url.host;
  if (value === null && name === "content-length") return String(body.length);
  return (value ?? "").trim().replaceAll(/ +/g, " ");
}

function canonicalQuery(url: URL): string {
  const presigned = isPresigned(url);
  return [...url.searchParams]
    .filter(([name]) => !presigned || name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encodeUri(name), encodeUri(value)])
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** The order of code units, which for encoded text is that of bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Percent-encodes everything but the unreserved characters of RFC 3986. */
function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function hmac(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return crypto.subtle.sign("HMAC", key, encode(text));
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
