/**
 * The variables that the SDK looks at when it is loaded and when a client is made: all that tests of it are allowed to read.
 *
 * @module
 */

/** Their names. */
export const sdkVariables = [
  "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
  "AWS_LAMBDA_BENCHMARK_MODE",
  "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
  "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
];
