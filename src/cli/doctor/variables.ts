/**
 * The variables that `stsaval doctor` alone reads.
 *
 * @module
 */

/** Beside those that every command about profiles reads. */
export const examinedVariables: readonly string[] = [
  ...["AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_CREDENTIAL_FILE", "AWS_CREDENTIAL_EXPIRATION"],
  ...["AWS_VAULT", "AWSUME_PROFILE", "AWS_OKTA_PROFILE"],
  ...["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"],
];
