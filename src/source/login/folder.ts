/**
 * The folder in which the AWS CLI keeps the sign-ins of `aws login`.
 *
 * @module
 */

import type { Environment } from "../../system.ts";

/** `$AWS_LOGIN_CACHE_DIRECTORY`, else the usual one. */
export function loginFolder(env: Environment): string {
  return env.get("AWS_LOGIN_CACHE_DIRECTORY") ?? "~/.aws/login/cache";
}
