/**
 * The variables that the help of several commands lists.
 *
 * @module
 */

import { settingNames } from "../../config/profile.ts";

/** The environment variables of every command that reads profiles. */
export const profileEnvironment: readonly string[] = [
  "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE: the files, instead of those in ~/.aws",
  "AWS_PROFILE, AWS_DEFAULT_PROFILE: the profile, if none is given",
  "AWS_REGION, AWS_DEFAULT_REGION: the region of the STS endpoint",
  "AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL: a custom STS endpoint",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: true ignores the custom endpoints",
  "AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT: true for FIPS or dual-stack endpoints",
  "AWS_STS_REGIONAL_ENDPOINTS: legacy for the global endpoint in the old regions",
  "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: keys for " +
  `${settingNames.credentialSource} = Environment`,
];

/** The environment variables of every command that calls STS. */
export const networkEnvironment: readonly string[] = [
  "HTTPS_PROXY, NO_PROXY: the proxy for calls to STS",
  "AWS_CA_BUNDLE, SSL_CERT_FILE: a file with CA certificates to trust, as a profile can name one",
  "STSAVAL_MFA_CODE: the MFA code, if neither --mfa-code nor --mfa-command is given",
  "STSAVAL_CACHE_DIR: the cache folder, instead of ~/.aws/stsaval",
];
