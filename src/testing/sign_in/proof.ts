/**
 * Checks the proofs of key possession (DPoP, RFC 9449) that come with refresh calls.
 *
 * @module
 */

/** What a proof must say. */
export interface ExpectedProof {
  readonly method: string;
  /** The URL of the call, without its query. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A proof that is right so far. */
export interface CheckedProof {
  /** Its identifier; each is good once. */
  readonly jti: string;
  /** The thumbprint of its key (RFC 7638). */
  readonly thumbprint: string;
}

/** How far `iat` may be from the service's clock. */
const windowSeconds = 300;

type Fields = Readonly<Record<string, unknown>>;

/** The parts of a proof, or what is wrong with it. */
export async function checkProof(
  proof: string | null,
  expected: ExpectedProof,
): Promise<CheckedProof | string> {
  if (proof === null) return "the DPoP header is missing";
  const [head = "", claims = "", signature = "", ...rest] = proof.split(".");
  const header = parsePart(head);
  const body = parsePart(claims);
  if (header === undefined || body === undefined || rest.length > 0) return "it is no JWT";
  if (header.typ !== "dpop+jwt") return `typ is ${header.typ}, wanted dpop+jwt`;
  if (header.alg !== "ES256") return `alg is ${header.alg}, wanted ES256`;
  const jwk = publicKeyOf(header.jwk);
  if (jwk === undefined) return "jwk is no public key on P-256";
  const wrong = checkClaims(body, expected);
  if (wrong !== undefined) return wrong;
  if (!await isSigned(jwk, `${head}.${claims}`, signature)) return "the signature does not match";
  return { jti: String(body.jti), thumbprint: await thumbprintOf(jwk) };
}

function checkClaims(
  { jti, htm, htu, iat }: Fields,
  { method, url, now }: ExpectedProof,
): string | undefined {
  if (typeof jti !== "string" || jti === "") return "jti is missing";
  if (htm !== method) return `htm is ${htm}, wanted ${method}`;
  if (htu !== url) return `htu is ${htu}, wanted ${url}`;
  if (typeof iat !== "number" || Math.abs(iat - now / 1_000) > windowSeconds) {
    return "iat is not within five minutes of now";
  }
  return undefined;
}

interface PublicKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** The public key; one with its private half in it is none. */
function publicKeyOf(value: unknown): PublicKey | undefined {
  if (typeof value !== "object" || value === null || "d" in value) return undefined;
  const { kty, crv, x, y } = value as Fields; // what a client sent: each field is checked
  if (kty !== "EC" || crv !== "P-256" || typeof x !== "string" || typeof y !== "string") return;
  return { kty, crv, x, y };
}

async function isSigned(jwk: PublicKey, text: string, signature: string): Promise<boolean> {
  const bytes = decode(signature);
  if (bytes?.length !== 64) return false;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  try {
    const key = await crypto.subtle.importKey("jwk", { ...jwk }, algorithm, false, ["verify"]);
    const data = new TextEncoder().encode(text);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes, data);
  } catch {
    return false;
  }
}

async function thumbprintOf({ crv, kty, x, y }: PublicKey): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parsePart(text: string): Fields | undefined {
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Base64 for URLs. */
function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
