/**
 * What a web identity token must look like. It is not verified here: that is STS's part.
 *
 * @module
 */

/** STS takes no more (AWS STS API reference). */
export const mostCharacters = 20_000;

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** The token without a byte order mark and white space around it, which no token has. `fail` is told why it is none. */
export function checkToken(text: string, fail: (why: string) => never): string {
  const token = text.replace(/^\uFEFF/, "").trim();
  if (token === "") return fail("it is empty");
  if (token.length > mostCharacters) {
    return fail(`it holds ${token.length} characters, wanted at most ${mostCharacters}`);
  }
  if (claimsOf(token) === undefined) {
    return fail(
      "what it holds is no JSON Web Token, wanted three parts with dots between them, in base64url",
    );
  }
  return token;
}

/** What a token says; undefined if it is none. */
export function claimsOf(token: string): Claims | undefined {
  const [header, claims, signature = "", ...rest] = token.split(".");
  if (!/^[\w-]+$/.test(signature) || rest.length > 0) return undefined;
  return parsePart(header) === undefined ? undefined : parsePart(claims);
}

function parsePart(part = ""): Claims | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
