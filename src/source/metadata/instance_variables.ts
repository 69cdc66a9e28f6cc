/**
 * The variables that say how the metadata service of an instance is asked.
 *
 * @module
 */

/** Their names. */
export const instanceVariables = {
  disabled: "AWS_EC2_METADATA_DISABLED",
  v1Disabled: "AWS_EC2_METADATA_V1_DISABLED",
  endpoint: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  mode: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
  timeout: "AWS_METADATA_SERVICE_TIMEOUT",
  attempts: "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
} as const;

/** As the AWS SDKs read a flag: the word true, in any case. */
export function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === "true";
}
