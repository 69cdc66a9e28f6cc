/**
 * JSON Web Tokens (RFC 7519): signed with RS256 or ES256, and checked.
 *
 * @module
 */

/** How a token is signed. */
export type JwtAlgorithm = "RS256" | "ES256";

/** The claims of a token. */
export type JwtClaims = Readonly<Record<string, unknown>>;

/** The key of an issuer. */
export interface JwtKey {
  readonly algorithm: JwtAlgorithm;
  /** What the header of a token calls it. */
  readonly keyId: string;
  readonly pair: CryptoKeyPair;
}

/** The parts of a token, before its signature is checked. */
export interface DecodedJwt {
  readonly header: JwtClaims;
  readonly claims: JwtClaims;
  /** The text that the signature is of. */
  readonly signed: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const generation = {
  RS256: {
    ...{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 },
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
} as const;

const signing = {
  RS256: { name: "RSASSA-PKCS1-v1_5" },
  ES256: { name: "ECDSA", hash: "SHA-256" },
} as const;

/** A new key. */
export async function createJwtKey(algorithm: JwtAlgorithm, keyId: string): Promise<JwtKey> {
  const uses: KeyUsage[] = ["sign", "verify"];
  const pair = algorithm === "RS256"
    ? await crypto.subtle.generateKey(generation.RS256, false, uses)
    : await crypto.subtle.generateKey(generation.ES256, false, uses);
  return { algorithm, keyId, pair };
}

/** The signed token, in its compact form. */
export async function signJwt(claims: JwtClaims, key: JwtKey): Promise<string> {
  const { algorithm: alg, keyId: kid, pair: { privateKey } } = key;
  const signed = `${encodePart({ alg, kid, typ: "JWT" })}.${encodePart(claims)}`;
  const bytes = new TextEncoder().encode(signed);
  const signature = await crypto.subtle.sign(signing[alg], privateKey, bytes);
  return `${signed}.${encode(new Uint8Array(signature))}`;
}

/** Whether the key signed the token, by the algorithm of the key: the token's header chooses none. */
export async function isSignedBy(token: DecodedJwt, key: JwtKey): Promise<boolean> {
  const { algorithm, pair: { publicKey } } = key;
  if (token.header.alg !== algorithm) return false;
  const bytes = new TextEncoder().encode(token.signed);
  return await crypto.subtle.verify(signing[algorithm], publicKey, token.signature, bytes);
}

/** The parts of a token; undefined if it is none. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [head = "", body = "", tail = "", ...rest] = token.split(".");
  const [header, claims, signature] = [parsePart(head), parsePart(body), decode(tail)];
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  if (rest.length > 0 || signature.length === 0) return undefined;
  return { header, claims, signed: `${head}.${body}`, signature };
}

function encodePart(part: JwtClaims): string {
  return encode(new TextEncoder().encode(JSON.stringify(part)));
}

function parsePart(part: string): JwtClaims | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(decode(part)));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function encode(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
