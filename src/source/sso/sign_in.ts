/**
 * Signs a person in to IAM Identity Center, and keeps the token where the AWS CLI and the SDKs find it.
 *
 * @module
 */

import { signInByBrowser } from "./browser_sign_in.ts";
import { signInByDevice } from "./device_sign_in.ts";
import { type IssuedToken, registerClient, type Registration, type SsoClient } from "./oidc.ts";
import {
  redirectUri,
  scopesOf,
  type SignInContext,
  type SignInOptions,
  type SignInTarget,
} from "./sign_in_request.ts";
import { lockSignIn } from "../sign_in_file.ts";
import { tokenPath, writeToken } from "./token.ts";
import type { SsoToken } from "./token_file.ts";

/**
 * Signs in, and keeps the token. No lock is held while the person is waited for.
 *
 * @throws {OidcError} when the service or the person refuses
 * @throws {SignInNeededError} when the person takes too long
 */
export async function signIn(
  target: SignInTarget,
  options: SignInOptions,
  context: SignInContext,
): Promise<SsoToken> {
  const path = await tokenPath({ ...target, profile: options.profile }, context);
  const client = await registerClient(context, target.oidcUrl, registration(target, options));
  const issued = await untilSignedIn(target, client, options, context);
  const token = tokenOf(target, client, issued, context.now());
  const lock = await lockSignIn(path, options, context);
  using _lock = lock;
  await writeToken(path, token, context);
  return token;
}

async function untilSignedIn(
  target: SignInTarget,
  client: SsoClient,
  options: SignInOptions,
  context: SignInContext,
): Promise<IssuedToken> {
  using _wait = context.waits?.wait({ kind: "sign-in", since: context.system.clock.now() });
  const signInBy = options.method === "browser" ? signInByBrowser : signInByDevice;
  return await signInBy(target, client, options, context);
}

function registration(target: SignInTarget, { method }: SignInOptions): Registration {
  const clientName = `stsaval-${target.session ?? "legacy"}`;
  // As the AWS CLI has it: what a legacy profile gets is never refreshed, so it needs no scope for that.
  if (target.session === undefined && method === "device") {
    return { clientName, scopes: [], grantTypes: [deviceGrant] };
  }
  const scopes = scopesOf(target);
  if (method === "device") {
    return { clientName, scopes, grantTypes: [deviceGrant, "refresh_token"] };
  }
  return {
    clientName,
    scopes,
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: [redirectUri],
    issuerUrl: target.startUrl,
  };
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

function tokenOf(
  { startUrl, region }: SignInTarget,
  { clientId, clientSecret, expiresAt }: SsoClient,
  { accessToken, expiresInSeconds, refreshToken }: IssuedToken,
  now: number,
): SsoToken {
  return {
    ...{ startUrl, region, accessToken, refreshToken, clientId, clientSecret },
    expiresAt: now + expiresInSeconds * 1_000,
    registrationExpiresAt: expiresAt,
  };
}
