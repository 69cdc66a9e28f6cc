/**
 * The proof that a refresh comes from whoever signed in: a JWT signed with the sign-in's key (RFC 9449, ES256).
 *
 * WebCrypto reads no SEC1 key, which is what the AWS CLI keeps; wrapped as PKCS#8 (RFC 5958) it does, and `node:crypto`
 * need not be loaded.
 *
 * @module
 */

import type { Random } from "../../system.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The key of a sign-in. */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  /** The public half, as it stands in the proof. */
  readonly jwk: Readonly<Record<"kty" | "crv" | "x" | "y", string>>;
}

/** What is proven. */
export interface ProofClaims {
  readonly method: string;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256" } as const;

/** The version of PKCS#8, and the algorithm: id-ecPublicKey on prime256v1. */
const version = [0x02, 0x01, 0x00] as const;
const idEcPublicKey = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] as const;
const prime256v1 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] as const;
const [sequence, octetString] = [0x30, 0x04];

/** Reads a private key in PEM: SEC1, as it is kept, or PKCS#8. Undefined where the text is no key on P-256. */
export async function readProofKey(pem: string): Promise<ProofKey | undefined> {
  const [, kind, base64 = ""] =
    /-----BEGIN (EC )?PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(pem) ?? [];
  try {
    const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const pkcs8 = kind === undefined ? der : wrapSec1(der);
    const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", privateKey);
    if (kty === undefined || crv === undefined || x === undefined || y === undefined) return;
    return { privateKey, jwk: { kty, crv, x, y } };
  } catch {
    // Whatever is wrong with it: its text is not shown.
    return undefined;
  }
}

/** The proof for one request. Each is good once. */
export async function createProof(
  { privateKey, jwk }: ProofKey,
  { method, url, now }: ProofClaims,
  random: Pick<Random, "bytes">,
): Promise<string> {
  const header = { typ: "dpop+jwt", alg: "ES256", jwk };
  const claims = { jti: uuid(random), htm: method, htu: url, iat: Math.floor(now / 1_000) };
  const signed = `${jsonPart(header)}.${jsonPart(claims)}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    privateKey,
    new TextEncoder().encode(signed),
  );
  return `${signed}.${base64Url(new Uint8Array(signature))}`;
}

function wrapSec1(sec1: Bytes): Bytes {
  return element(sequence, [
    ...version,
    ...element(sequence, [...idEcPublicKey, ...prime256v1]),
    ...element(octetString, [...sec1]),
  ]);
}

/** One element of DER; a key on P-256 is shorter than 256 bytes. */
function element(tag: number, content: readonly number[]): Bytes {
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x81, length];
  return Uint8Array.from([tag, ...size, ...content]);
}

function jsonPart(value: unknown): string {
  return base64Url(new Uint8Array(new TextEncoder().encode(JSON.stringify(value))));
}

function base64Url(bytes: Bytes): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A random UUID (RFC 9562, version 4). */
function uuid(random: Pick<Random, "bytes">): string {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x40;
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
