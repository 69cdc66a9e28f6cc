/**
 * The variables that lead an SDK to a server.
 *
 * @module
 */

/** The port that a URL of HTTP leaves out. */
export const usualPort = 80;

/** What the URLs of a server begin with. */
export function originOf(port: number): string {
  return port === usualPort ? "http://127.0.0.1" : `http://127.0.0.1:${port}`;
}

/** Those of the container endpoint. */
export function containerVariables(url: string, token: string): Readonly<Record<string, string>> {
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
  };
}

/** Those of instance metadata on that port of 127.0.0.1. */
export function metadataVariables(port: number): Readonly<Record<string, string>> {
  return {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: originOf(port),
    AWS_EC2_METADATA_V1_DISABLED: "true",
    AWS_EC2_METADATA_DISABLED: "false",
  };
}
