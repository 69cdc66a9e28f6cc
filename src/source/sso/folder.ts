/**
 * The folder in which the AWS CLI keeps the tokens of sign-ins to IAM Identity Center.
 *
 * @module
 */

/** Below the home folder. */
export const tokenFolder = "~/.aws/sso/cache";
