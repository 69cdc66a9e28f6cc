/**
 * An address that signs a browser in to the AWS console. It is a secret: whoever has it is signed in.
 *
 * @module
 */

import type { CredentialsFields } from "../../credentials.ts";
import { SourceError } from "../../errors.ts";
import { maskSecrets } from "../../masking.ts";
import { checkScheme } from "../../sts/endpoint.ts";
import { callHttp, type CallPorts, type HttpResponse } from "../http_call.ts";
import { parseObject } from "../json_call.ts";

/** What is asked for. */
export interface SignInUrlRequest {
  /** The profile, for errors. */
  readonly profile: string;
  readonly credentials: CredentialsFields;
  /** The endpoint, without a query. */
  readonly federationUrl: string;
  readonly destination: string;
  /** What the console links to when the session ends. */
  readonly issuer: string;
  /** How long the session lives, in seconds; without it, as long as the credentials. */
  readonly durationSeconds?: number | undefined;
}

/** As long as AWS's own tokens may get. */
const longestMessage = 200;

/** How the addresses begin that {@linkcode signInUrl} gives. */
export function signInUrlStart(federationUrl: string): string {
  return `${federationUrl}?Action=login&`;
}

/**
 * The address, good for fifteen minutes. The keys are sent in the body of a request, which no log of a proxy keeps.
 *
 * @throws {SourceError} when AWS refuses the credentials, or cannot be reached
 */
export async function signInUrl(ports: CallPorts, request: SignInUrlRequest): Promise<string> {
  const { credentials, federationUrl, destination, issuer, durationSeconds } = request;
  checkScheme(new URL(federationUrl));
  const session = JSON.stringify({
    sessionId: credentials.AccessKeyId,
    sessionKey: credentials.SecretAccessKey,
    sessionToken: credentials.SessionToken,
  });
  const response = await callHttp(ports, {
    source: "console",
    operation: "getSigninToken",
    method: "POST",
    url: federationUrl,
    body: new URLSearchParams({
      Action: "getSigninToken",
      ...(durationSeconds === undefined ? {} : { SessionDuration: String(durationSeconds) }),
      Session: session,
    }),
    secrets: [credentials.SecretAccessKey, credentials.SessionToken, session],
  });
  const { SigninToken: token } = parseObject(response.text);
  if (response.status !== 200 || typeof token !== "string" || token === "") {
    throw refused(request, response);
  }
  const query = new URLSearchParams({
    ...(issuer === "" ? {} : { Issuer: issuer }),
    Destination: destination,
    SigninToken: token,
  });
  return `${signInUrlStart(federationUrl)}${query}`;
}

function refused(
  { profile, durationSeconds, federationUrl }: SignInUrlRequest,
  { status, text, mask }: HttpResponse,
): SourceError {
  const isText = status !== 200 && !/[<{]/.test(text) && text.trim() !== "";
  const said = isText ? `: ${maskSecrets(mask(text.trim().slice(0, longestMessage)))}` : "";
  return new SourceError(
    "SOURCE_REFUSED",
    "console",
    `Cannot sign in to the console with profile "${profile}": ${
      new URL(federationUrl).host
    } responded with HTTP ${status}${said}`,
    {
      hint: durationSeconds === undefined
        ? "AWS takes temporary credentials of a role, not those of a user"
        : "leave out --duration: AWS refuses it for roles that another role assumed",
    },
  );
}
