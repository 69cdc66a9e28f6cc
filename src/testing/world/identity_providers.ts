/**
 * The identity providers of an emulator: they sign tokens, and tell which tokens are theirs.
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";
import {
  createJwtKey,
  decodeJwt,
  isSignedBy,
  type JwtClaims,
  type JwtKey,
  signJwt,
} from "../signing/jwt.ts";
import type { EmulatorIdentityProvider } from "./account_state.ts";

/** What a token says. */
export interface TokenRequest {
  /** Whom it is about: `system:serviceaccount:prod:app`. */
  readonly subject: string;
  /** The provider that signs it. Default: the first one. */
  readonly issuer?: string | undefined;
  /** Whom it is for. Default: the provider's first audience. */
  readonly audience?: string | undefined;
  /** How long it can be used, in seconds. Default: 3600. */
  readonly seconds?: number | undefined;
  /** More claims; they may replace those above. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** What STS knows of a token that it has checked. */
export interface CheckedToken {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

/** Signs tokens and checks them. */
export class IdentityProviders {
  readonly #providers: ReadonlyMap<string, EmulatorIdentityProvider>;
  readonly #keys = new Map<string, Promise<JwtKey>>();
  #tokens = 0;

  /** The keys of the providers are made when they are first needed. */
  constructor(providers: readonly EmulatorIdentityProvider[]) {
    this.#providers = new Map(providers.map((provider) => [provider.issuer, provider]));
  }

  /**
   * A token, signed.
   *
   * @throws {TypeError} if there is no such provider
   */
  async issue(request: TokenRequest, now: number): Promise<string> {
    const [first] = this.#providers.keys();
    const provider = this.#providers.get(request.issuer ?? first ?? "");
    if (provider === undefined) {
      throw new TypeError(`Cannot issue a token: there is no provider "${request.issuer ?? ""}"`);
    }
    const seconds = Math.floor(now / 1_000);
    const claims = {
      iss: provider.issuer,
      sub: request.subject,
      aud: request.audience ?? provider.audiences[0],
      ...{ iat: seconds, nbf: seconds, exp: seconds + (request.seconds ?? 3_600) },
      jti: `token-${++this.#tokens}`,
      ...request.claims,
    };
    return await signJwt(claims, await this.#keyOf(provider));
  }

  /**
   * Checks a token as STS does: its form, issuer, signature, audience and times.
   *
   * @throws {EmulatorError} InvalidIdentityToken or ExpiredTokenException
   */
  async check(token: string, now: number): Promise<CheckedToken> {
    const decoded = decodeJwt(token);
    if (decoded === undefined) {
      throw invalid(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
      );
    }
    const { iss, sub } = decoded.claims;
    const provider = this.#providers.get(String(iss));
    if (provider === undefined) {
      throw invalid(`No OpenIDConnect provider found in your account for ${iss}`);
    }
    if (!await isSignedBy(decoded, await this.#keyOf(provider))) {
      throw invalid("Provided Token is not valid: its signature does not match");
    }
    const audience = audienceOf(decoded.claims, provider);
    if (audience === undefined) throw invalid("Incorrect token audience");
    checkTimes(decoded.claims, now);
    if (typeof sub !== "string" || sub === "") throw invalid("Missing a required claim: sub");
    return { issuer: provider.issuer, audience, subject: sub };
  }

  #keyOf({ issuer, algorithm = "ES256" }: EmulatorIdentityProvider): Promise<JwtKey> {
    const known = this.#keys.get(issuer) ?? createJwtKey(algorithm, `key-${this.#keys.size + 1}`);
    this.#keys.set(issuer, known);
    return known;
  }
}

/** The first audience of the token that the provider has. */
function audienceOf(
  { aud }: JwtClaims,
  { audiences }: EmulatorIdentityProvider,
): string | undefined {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.find((audience) => named.includes(audience));
}

function checkTimes({ exp, nbf }: JwtClaims, now: number): void {
  const seconds = Math.floor(now / 1_000);
  if (typeof exp !== "number") throw invalid("Missing a required claim: exp");
  if (seconds >= exp) {
    throw new EmulatorError(
      "ExpiredTokenException",
      400,
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${exp}`,
    );
  }
  if (typeof nbf === "number" && seconds < nbf) {
    throw invalid(
      `Token is not yet valid: current date/time ${seconds} must be after the not before date/time ${nbf}`,
    );
  }
}

function invalid(message: string): EmulatorError {
  return new EmulatorError("InvalidIdentityToken", 400, message);
}
