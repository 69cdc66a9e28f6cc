/**
 * The OIDC service of IAM Identity Center: clients, device sign-ins and tokens. All calls are unsigned.
 *
 * See https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 *
 * @module
 */

import { settingNames } from "../../config/profile.ts";
import { SourceError } from "../../errors.ts";
import { parseMoment, parseSeconds } from "../instant.ts";
import { callJson, type CallPorts, type JsonResponse } from "../json_call.ts";

const source = "sso";

/** A person who has decided is not let wait for longer. */
const longestIntervalSeconds = 60;

/** A registered client. */
export interface SsoClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** When the registration ends, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a client is registered for. */
export interface Registration {
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  /** For the authorization code: redirect URIs and the start URL. */
  readonly redirectUris?: readonly string[];
  readonly issuerUrl?: string;
}

/** A token, as the service gives it. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Where it is missing, the one before stays good. */
  readonly refreshToken: string | undefined;
}

/** What a person is shown to sign in on another device. */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** How a token is asked for: the grant and what proves it. */
export type Grant =
  | { readonly grantType: "refresh_token"; readonly refreshToken: string }
  | {
    readonly grantType: "urn:ietf:params:oauth:grant-type:device_code";
    readonly deviceCode: string;
  }
  | {
    readonly grantType: "authorization_code";
    readonly code: string;
    readonly redirectUri: string;
    readonly codeVerifier: string;
  };

/** The service refused, with one of the error codes of OAuth. */
export class OidcError extends SourceError {
  /** The name of the class. */
  override readonly name: string = "OidcError";
  /** The code of the response, such as "invalid_grant". */
  readonly oauthCode: string;

  /** Made of a response. */
  constructor(operation: string, { status, body, mask }: JsonResponse) {
    const code = typeof body.error === "string" ? mask(body.error) : `HTTP ${status}`;
    super("SOURCE_REFUSED", source, describeRefusal(operation, code, body, mask), {
      hint: hintFor(body),
    });
    this.oauthCode = code;
  }
}

/** Registers a client. */
export async function registerClient(
  ports: CallPorts,
  oidcUrl: string,
  registration: Registration,
): Promise<SsoClient> {
  const operation = "RegisterClient";
  const body = { clientType: "public", ...registration };
  const response = await call(ports, operation, `${oidcUrl}/client/register`, body, []);
  const { clientId, clientSecret, clientSecretExpiresAt } = response;
  const expiresAt = parseMoment(clientSecretExpiresAt, 1_000);
  if (
    typeof clientId !== "string" || typeof clientSecret !== "string" || expiresAt === undefined
  ) throw unexpected(operation);
  return { clientId, clientSecret, expiresAt };
}

/** Begins a sign-in on another device. */
export async function startDeviceAuthorization(
  ports: CallPorts,
  oidcUrl: string,
  { clientId, clientSecret }: SsoClient,
  startUrl: string,
): Promise<DeviceAuthorization> {
  const operation = "StartDeviceAuthorization";
  const url = `${oidcUrl}/device_authorization`;
  const body = { clientId, clientSecret, startUrl };
  const response = await call(ports, operation, url, body, [clientSecret]);
  const { deviceCode, userCode, verificationUri, verificationUriComplete, expiresIn, interval } =
    response;
  if (
    typeof deviceCode !== "string" || typeof userCode !== "string" ||
    typeof verificationUri !== "string"
  ) throw unexpected(operation);
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: typeof verificationUriComplete === "string"
      ? verificationUriComplete
      : undefined,
    expiresInSeconds: parseSeconds(expiresIn) ?? 600,
    intervalSeconds: Math.min(parseSeconds(interval) ?? 5, longestIntervalSeconds),
  };
}

/**
 * Gets a token.
 *
 * @throws {OidcError} with the service's code, such as "authorization_pending" or "invalid_grant"
 */
export async function createToken(
  ports: CallPorts,
  oidcUrl: string,
  client: Pick<SsoClient, "clientId" | "clientSecret">,
  grant: Grant,
): Promise<IssuedToken> {
  const operation = "CreateToken";
  const { clientId, clientSecret } = client;
  const secrets = [clientSecret, ...Object.values(grant)];
  const body = { clientId, clientSecret, ...grant };
  const { accessToken, expiresIn, refreshToken } = await call(
    ports,
    operation,
    `${oidcUrl}/token`,
    body,
    secrets,
  );
  const expiresInSeconds = parseSeconds(expiresIn);
  if (typeof accessToken !== "string" || expiresInSeconds === undefined) {
    throw unexpected(operation);
  }
  return {
    accessToken,
    expiresInSeconds,
    refreshToken: typeof refreshToken === "string" ? refreshToken : undefined,
  };
}

async function call(
  ports: CallPorts,
  operation: string,
  url: string,
  body: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  // Codes and refresh tokens are good once, and so is what they are given for.
  const isSpending = operation === "CreateToken";
  const method = "POST";
  const sent = { source, operation, method, url, body, secrets, isSpending } as const;
  const response = await callJson(ports, sent);
  if (response.status !== 200) throw new OidcError(operation, response);
  return response.body;
}

function describeRefusal(
  operation: string,
  code: string,
  { error_description: description, reason }: Readonly<Record<string, unknown>>,
  mask: (text: string) => string,
): string {
  const why = [description, reason].filter((part) => typeof part === "string" && part !== "")
    .map((part) => mask(String(part)));
  return `IAM Identity Center refused ${operation}: ${code}${
    why.length === 0 ? "" : `, ${why.join(", ")}`
  }`;
}

/** The service knows the right region: https://docs.aws.amazon.com/singlesignon/ (InvalidRequestRegionException). */
function hintFor({ region }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof region === "string" && /^[\w-]{1,40}$/.test(region)
    ? `set ${settingNames.ssoRegion} to ${region}, where this instance is`
    : undefined;
}

function unexpected(operation: string): SourceError {
  return new SourceError(
    "SOURCE_REFUSED",
    source,
    `Cannot use the response of ${operation}: a field is missing or malformed`,
  );
}
