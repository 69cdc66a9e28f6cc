/**
 * The names of variables that hold credentials, or lead to other ones.
 *
 * @module
 */

/** The variables of one credential. */
export const credentialNames: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
];

/**
 * Variables that lead AWS's tools and SDKs to other credentials, some with precedence over those that are set, or that say
 * something about other ones: their account, their end, the profile that another program took them from.
 */
export const misleadingVariables: readonly string[] = [
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
  // Other spellings: the old AWS CLI, boto and Java's first SDK read these.
  ...["AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_FILE"],
  ...["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCOUNT_ID", "AWS_CREDENTIAL_SCOPE"],
  ...["AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE"],
  ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ...["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
  // What aws-vault, saml2aws, awsume and aws-okta leave.
  ...["AWS_SESSION_EXPIRATION", "AWS_X_SECURITY_TOKEN_EXPIRES", "AWS_CREDENTIALS_EXPIRATION"],
  ...["AWS_VAULT", "AWSUME_PROFILE", "AWSUME_EXPIRATION", "AWS_OKTA_PROFILE"],
];

/**
 * What must not be set for a program that is to ask a server: the keys themselves come first in every SDK's chain, and
 * what leads elsewhere comes with them.
 */
export const serverOverrides: readonly string[] = [...misleadingVariables, ...credentialNames];
