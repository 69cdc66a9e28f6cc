/**
 * The digest of everything that the plan of a profile is made of, where that is the two files of the configuration and
 * the environment: whoever finds the same digest need not resolve the plan again.
 *
 * @module
 */

import type { BuildFacts } from "../../build.ts";
import { cacheFolder } from "../../cache/cache_folder.ts";
import { hex } from "../../cache/key.ts";
import { expandHome } from "../../config/home.ts";
import type { Environment } from "../../system.ts";

/** The variables that a plan, or what is said of it, may rest on. A test holds them to the table of needs. */
// deno-fmt-ignore
export const planVariables: readonly string[] = [
  "ALL_PROXY", "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_REGION",
  "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_EC2_METADATA_V1_DISABLED", "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_SIGNIN", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_LOGIN_CACHE_DIRECTORY",
  "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "AWS_METADATA_SERVICE_TIMEOUT", "AWS_PROFILE",
  "AWS_REGION", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_SECRET_ACCESS_KEY",
  "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_STS_REGIONAL_ENDPOINTS", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT",
  "AWS_WEB_IDENTITY_TOKEN_FILE", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY",
  "STSAVAL_CACHE_DIR", "STSAVAL_PROCESS_CHAIN", "USERPROFILE", "all_proxy", "http_proxy",
  "https_proxy", "no_proxy",
];

/** Variables with which there is more to do: a code to be sent, a file of certificates to be read. */
export const otherVariables: readonly string[] = [
  "AWS_CA_BUNDLE",
  "SSL_CERT_FILE",
  "STSAVAL_MFA_CODE",
];

/** What is in a file of the configuration; a pipe can be read only once, by the program. */
export type PlainFile = Uint8Array | "missing" | "special";

/**
 * The digest for a profile: 64 hexadecimal digits. Undefined where the plan may rest on something else.
 *
 * @throws {Error} when a file cannot be read
 */
export async function planDigest(
  profile: string,
  env: Environment,
  { commit, lock }: Pick<BuildFacts, "commit" | "lock">,
  read: (path: string) => PlainFile | Promise<PlainFile>,
): Promise<string | undefined> {
  if (!env.get("HOME")?.startsWith("/")) return undefined;
  if (otherVariables.some((name) => env.get(name) !== undefined)) return undefined;
  const parts: Uint8Array[] = [];
  const sizes: (number | null)[] = [];
  for (const path of configFiles(env)) {
    const file = await read(path);
    if (file === "special") return undefined;
    sizes.push(file === "missing" ? null : file.length);
    if (file !== "missing") parts.push(file);
  }
  const values = planVariables.map((name) => env.get(name) ?? null);
  const head = new TextEncoder().encode(JSON.stringify([commit, lock, profile, values, sizes]));
  return hex(await crypto.subtle.digest("SHA-256", joined([head, ...parts])));
}

/** The folder of the cache; undefined if none is known. */
export function planFolder(env: Environment): string | undefined {
  return cacheFolder(env)?.replace(/(?<=.)\/+$/, "");
}

function configFiles(env: Environment): readonly string[] {
  const paths = [
    env.get("AWS_CONFIG_FILE") ?? "~/.aws/config",
    env.get("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials",
  ];
  return paths.map((path) => expandHome(path, env));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
