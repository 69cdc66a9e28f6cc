/**
 * The sign-in on any device: a page and a code are shown, and the service is asked until the person has decided
 * (RFC 8628).
 *
 * @module
 */

import { SignInNeededError } from "../../errors.ts";
import {
  createToken,
  type DeviceAuthorization,
  type IssuedToken,
  OidcError,
  type SsoClient,
  startDeviceAuthorization,
} from "./oidc.ts";
import type { SignInContext, SignInOptions, SignInTarget } from "./sign_in_request.ts";

/** By so much a client slows down each time that it is told to (RFC 8628, section 3.5). */
const slowDownMs = 5_000;

/**
 * Waits until the person has decided.
 *
 * @throws {OidcError} when the person refuses
 * @throws {SignInNeededError} when the code has expired
 */
export async function signInByDevice(
  { oidcUrl, startUrl }: SignInTarget,
  client: SsoClient,
  { show, profile }: SignInOptions,
  context: SignInContext,
): Promise<IssuedToken> {
  const started = await startDeviceAuthorization(context, oidcUrl, client, startUrl);
  const { userCode, verificationUri, verificationUriComplete } = started;
  await show({ url: verificationUriComplete ?? verificationUri, userCode });
  return await poll(oidcUrl, client, started, { profile, context });
}

async function poll(
  oidcUrl: string,
  client: SsoClient,
  { deviceCode, expiresInSeconds, intervalSeconds }: DeviceAuthorization,
  { profile, context }: { readonly profile: string; readonly context: SignInContext },
): Promise<IssuedToken> {
  const { system: { clock }, signal } = context;
  const grant = { grantType: "urn:ietf:params:oauth:grant-type:device_code", deviceCode } as const;
  const end = clock.now() + expiresInSeconds * 1_000;
  let intervalMs = intervalSeconds * 1_000;
  while (clock.now() < end) {
    await clock.sleep(intervalMs, { signal });
    try {
      return await createToken(context, oidcUrl, client, grant);
    } catch (error) {
      const code = error instanceof OidcError ? error.oauthCode : undefined;
      if (code === "expired_token") break;
      if (code === "slow_down") intervalMs += slowDownMs;
      else if (code !== "authorization_pending") throw error;
    }
  }
  throw new SignInNeededError(
    `Cannot sign in for profile "${profile}": the code was not used within ` +
      `${Math.round(expiresInSeconds / 60)} minutes`,
    { hint: `begin again with 'stsaval login ${profile}'` },
  );
}
