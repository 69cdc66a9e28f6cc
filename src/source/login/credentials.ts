/**
 * The credentials of an `aws login` step.
 *
 * @module
 */

import type { SourceContext, SourceCredentials } from "../source.ts";
import { type LoginRequest, usableLogin } from "./token.ts";

/**
 * Credentials that another program refreshed some time ago count as issued this long before their end. A quarter of that
 * is kept free of use, three minutes; of what is left of them a quarter could be one.
 */
const assumedLifeMs = 12 * 60_000 - 1_000;

/**
 * Reads the sign-in, and refreshes it where less than five minutes are left.
 *
 * @throws {SignInNeededError} where a person has to sign in first
 * @throws {SourceError} where the service refuses or cannot be reached
 */
export async function fetchLogin(
  request: LoginRequest,
  context: SourceContext,
): Promise<SourceCredentials> {
  const token = await usableLogin(request, context);
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = token;
  return {
    keys: { accessKeyId, secretAccessKey, sessionToken },
    expiration: new Date(expiresAt),
    issued: new Date(Math.min(context.now(), expiresAt - assumedLifeMs)),
  };
}
