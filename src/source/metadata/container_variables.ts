/**
 * The variables that a container finds its credentials by.
 *
 * @module
 */

import type { Environment } from "../../system.ts";

/** Their names. */
export const containerVariables = {
  relativeUri: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  fullUri: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  token: "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  tokenFile: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
} as const;

/** Below these, Kubernetes replaces a file by changing the links in its folder. */
const mounted = /^(?:\/var)?\/run\/secrets\/.*(?=\/[^/]+$)/;

/** The file that holds the token, or its folder, where the environment names one and an endpoint. */
export function tokenFilesOf(env: Environment): readonly string[] {
  const { relativeUri, fullUri, tokenFile } = containerVariables;
  const path = env.get(tokenFile);
  if (path === undefined || (env.get(relativeUri) ?? env.get(fullUri)) === undefined) return [];
  const [folder] = mounted.exec(path) ?? [];
  return folder === undefined || path.includes("/../") ? [path] : [path, folder];
}
