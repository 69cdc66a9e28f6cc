/**
 * The sign-in with a browser on this machine: an authorization code with PKCE, which comes back to a server on 127.0.0.1
 * (RFC 7636, RFC 8252).
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import { SignInNeededError, SourceError } from "../../errors.ts";
import type { Random } from "../../system.ts";
import { createToken, type IssuedToken, type SsoClient } from "./oidc.ts";
import {
  redirectUri,
  scopesOf,
  type SignInContext,
  type SignInOptions,
  type SignInTarget,
} from "./sign_in_request.ts";
import { signInPage } from "./sign_in_page.ts";

/** As long as the AWS CLI waits for the person. */
const longestWaitMs = 600_000;

/**
 * Waits until the browser comes back.
 *
 * @throws {SourceError} when the person or the service refuses
 * @throws {SignInNeededError} when the browser does not come back within ten minutes
 */
export async function signInByBrowser(
  target: SignInTarget,
  client: SsoClient,
  { show, profile }: SignInOptions,
  context: SignInContext,
): Promise<IssuedToken> {
  const { system: { clock, network, random }, signal } = context;
  const state = base64Url(random.bytes(16));
  const codeVerifier = base64Url(random.bytes(48));
  const callback = new Callback(state);
  const done = new AbortController();
  const server = await network.serve((request) => callback.handle(request), {
    port: 0,
    signal: done.signal,
  });
  try {
    const redirect = new URL(redirectUri);
    redirect.port = String(server.port);
    const challenge = await challengeOf(codeVerifier);
    await show({ url: authorizeUrl(target, client, { state, challenge, redirect }) });
    const late = clock.sleep(longestWaitMs, { signal: done.signal }).then(() => tooLate(profile));
    late.catch(() => {});
    const code = await abortable(() => Promise.race([callback.code, late]), signal);
    if (code instanceof Error) throw code;
    const grant = { grantType: "authorization_code", code, codeVerifier } as const;
    return await createToken(context, target.oidcUrl, client, {
      ...grant,
      redirectUri: redirect.href,
    });
  } finally {
    done.abort();
    await server.finished;
  }
}

/** Takes the one request of a browser that comes back. */
class Callback {
  readonly #state: string;
  readonly #code = Promise.withResolvers<string>();
  #isUsed = false;

  constructor(state: string) {
    this.#state = state;
    this.#code.promise.catch(() => {});
  }

  /** Settles with the code, once. */
  get code(): Promise<string> {
    return this.#code.promise;
  }

  handle({ method, url }: Request): Response {
    const { pathname, searchParams } = new URL(url);
    if (pathname !== new URL(redirectUri).pathname) return signInPage(404, "There is no such page");
    if (method !== "GET") return signInPage(405, "This page is for a browser");
    // Another page of the person's browser may call this one; it does not know the state.
    if (searchParams.get("state") !== this.#state) {
      return signInPage(400, "This is not the sign-in that was begun");
    }
    if (this.#isUsed) return signInPage(410, "This sign-in has been used");
    this.#isUsed = true;
    const [code, error] = [searchParams.get("code"), searchParams.get("error")];
    if (error !== null || code === null) {
      this.#code.reject(refused(error ?? "no code"));
      return signInPage(403, "You are not signed in");
    }
    this.#code.resolve(code);
    return signInPage(200, "You are signed in");
  }
}

function refused(error: string): SourceError {
  const shown = /^[\w-]{1,60}$/.test(error) ? error : "an error";
  return new SourceError(
    "SOURCE_REFUSED",
    "sso",
    `Cannot sign in: the browser came back with ${shown}`,
    {
      hint: "begin again, and allow the access in the browser",
    },
  );
}

function tooLate(profile: string): SignInNeededError {
  return new SignInNeededError(
    `Cannot sign in for profile "${profile}": the browser did not come back within 10 minutes`,
    { hint: `begin again with 'stsaval login ${profile}', or with --device on another device` },
  );
}

function authorizeUrl(
  target: SignInTarget,
  { clientId }: SsoClient,
  { state, challenge, redirect }: {
    readonly state: string;
    readonly challenge: string;
    readonly redirect: URL;
  },
): string {
  const query = [
    ["response_type", "code"],
    ["client_id", clientId],
    ["redirect_uri", redirect.href],
    ["state", state],
    ["code_challenge_method", "S256"],
    // The service's own name for it, with an "s".
    ["scopes", scopesOf(target).join(" ")],
    ["code_challenge", challenge],
  ] as const;
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${target.oidcUrl}/authorize?${text}`;
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64Url(new Uint8Array(digest));
}

function base64Url(bytes: ReturnType<Random["bytes"]>): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
