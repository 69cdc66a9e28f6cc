/**
 * The variables that lead an SDK to a server.
 *
 * @module
 */

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
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
    AWS_EC2_METADATA_V1_DISABLED: "true",
    AWS_EC2_METADATA_DISABLED: "false",
  };
}
