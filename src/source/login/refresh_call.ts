/**
 * The one call of AWS Sign-In that is made: a refresh token for the next credentials. It is unsigned, with a proof of the
 * key.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import { callJson, type CallPorts, type JsonResponse } from "../json_call.ts";
import { parseSeconds } from "../instant.ts";
import { objectOf, textOf } from "../json_fields.ts";
import { createProof, type ProofKey } from "./dpop.ts";
import type { LoginToken } from "./token_file.ts";

const source = "login";
const operation = "CreateOAuth2Token";

/** The service refused, with one of its error codes. */
export class LoginRefusedError extends SourceError {
  /** The name of the class. */
  override readonly name: string = "LoginRefusedError";
  /** The code of the response, such as "TOKEN_EXPIRED". */
  readonly loginCode: string;

  /** Made of a response. */
  constructor(url: string, { status, body, mask }: JsonResponse) {
    const code = mask(textOf(body.error) ?? `HTTP ${status}`);
    const description = textOf(body.message);
    const why = description === undefined ? code : `${code}, ${mask(description)}`;
    super("SOURCE_REFUSED", source, `${new URL(url).host} refused ${operation}: ${why}`, {
      hint: hints.get(code),
    });
    this.loginCode = code;
  }
}

const hints = new Map([
  ["INSUFFICIENT_PERMISSIONS", "allow the identity signin:CreateOAuth2Token"],
]);

/** What a refresh changes. */
export type RefreshedLogin = Pick<
  LoginToken,
  "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiresAt" | "refreshToken"
>;

/** Where and with what it is refreshed. */
export interface RefreshRequest {
  /** The base URL, such as "https://eu-west-1.signin.aws.amazon.com". */
  readonly baseUrl: string;
  readonly key: ProofKey;
  readonly token: Pick<LoginToken, "clientId" | "refreshToken">;
}

/**
 * Gets the next credentials and the next refresh token.
 *
 * @throws {LoginRefusedError} with the service's code, such as "TOKEN_EXPIRED"
 * @throws {SourceError} where the service cannot be reached, or its response lacks a field
 */
export async function refreshLogin(
  ports: CallPorts & { readonly now: () => number },
  { baseUrl, key, token: { clientId, refreshToken } }: RefreshRequest,
): Promise<RefreshedLogin> {
  const url = `${baseUrl}/v1/token`;
  const method = "POST";
  const response = await callJson(ports, {
    ...{ source, operation, method, url },
    // A proof is good once, so that each attempt has its own.
    headers: async () => ({
      dpop: await createProof(key, { method, url, now: ports.now() }, ports.system.random),
    }),
    body: { clientId, grantType: "refresh_token", refreshToken },
    secrets: [refreshToken],
    isSpending: true,
  });
  if (response.status !== 200) throw new LoginRefusedError(url, response);
  return readRefreshed(response.body, ports.now());
}

function readRefreshed(body: JsonResponse["body"], now: number): RefreshedLogin {
  const access = objectOf(body.accessToken) ?? {};
  const accessKeyId = textOf(access.accessKeyId);
  const secretAccessKey = textOf(access.secretAccessKey);
  const sessionToken = textOf(access.sessionToken);
  const refreshToken = textOf(body.refreshToken);
  const seconds = parseSeconds(body.expiresIn);
  if (
    accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined ||
    refreshToken === undefined || seconds === undefined
  ) {
    throw new SourceError(
      "SOURCE_REFUSED",
      source,
      `Cannot use the response of ${operation}: a field is missing or malformed`,
    );
  }
  const expiresAt = now + seconds * 1_000;
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt, refreshToken };
}
