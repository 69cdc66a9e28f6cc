/**
 * The table of needs as it is written in help, with every variable that it opens: what is added here is a wider program.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import {
  credentialNeeds,
  describeNeeds,
  environmentNames,
  type Need,
  needRow,
  needTable,
  variablesOf,
} from "../../../src/cli/permissions/needs.ts";

/** The need, what help says, and the variables that it reads. */
const expected: readonly (readonly [need: string, summary: string, environment: string])[] = [
  [
    "read-aws",
    "read ~/.aws",
    `
    HOME USERPROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_PROFILE
    AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS
    AWS_ENDPOINT_URL_SSO AWS_ENDPOINT_URL_SSO_OIDC AWS_ENDPOINT_URL_SIGNIN AWS_ENDPOINT_URL
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT
    AWS_STS_REGIONAL_ENDPOINTS AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_SECURITY_TOKEN STSAVAL_PROCESS_CHAIN
  `,
  ],
  ["read-file", "read FILE", "HOME USERPROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE"],
  ["write-aws", "write ~/.aws/credentials", ""],
  ["write-config", "write ~/.aws/config", ""],
  ["cache", "read and write ~/.aws/stsaval", "HOME USERPROFILE STSAVAL_CACHE_DIR"],
  [
    "aws-cli-cache",
    "read and write ~/.aws/cli/cache, where it is shared with the AWS CLI",
    "HOME USERPROFILE",
  ],
  ["aws-cli-written", "remove from ~/.aws/cli/cache what stsaval put there", "HOME USERPROFILE"],
  [
    "default-chain",
    "read the variables of web identity, containers and instances",
    `
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
    AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    AWS_EC2_METADATA_DISABLED AWS_EC2_METADATA_V1_DISABLED
    AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
    AWS_METADATA_SERVICE_TIMEOUT AWS_METADATA_SERVICE_NUM_ATTEMPTS
  `,
  ],
  [
    "token-file",
    "read the token file of web identity or of a container, for profiles that rest on one",
    "",
  ],
  [
    "sources",
    "read and write ~/.aws/sso/cache or ~/.aws/login/cache, for profiles that rest on a sign-in",
    "HOME USERPROFILE AWS_LOGIN_CACHE_DIRECTORY",
  ],
  [
    "github-oidc",
    "connect to GitHub Actions for a token, with --github-oidc",
    "ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  ],
  [
    "sts",
    "connect to the STS endpoint, and read the CA certificates for it",
    `
    AWS_CA_BUNDLE SSL_CERT_FILE HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY
    all_proxy NO_PROXY no_proxy
  `,
  ],
  ["prompt", "run /bin/sh for a prompt where standard input or standard error is no terminal", ""],
  ["mfa-command", "run the program of --mfa-command or mfa_process", "STSAVAL_MFA_CODE PATH"],
  [
    "programs",
    "run the program of credential_process or of a web identity token, by /bin/sh, for profiles with one",
    "",
  ],
  [
    "run-program",
    "run COMMAND, without the AWS_… variables that lead to other credentials",
    `
    PATH STSAVAL_PROFILE STSAVAL_MFA_CODE AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCESS_KEY
    AWS_SECRET_KEY AWS_SECURITY_TOKEN AWS_CREDENTIAL_FILE AWS_BEARER_TOKEN_BEDROCK
    AWS_ACCOUNT_ID AWS_CREDENTIAL_SCOPE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
    AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_SESSION_EXPIRATION
    AWS_X_SECURITY_TOKEN_EXPIRES AWS_CREDENTIALS_EXPIRATION AWS_VAULT AWSUME_PROFILE
    AWSUME_EXPIRATION AWS_OKTA_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_REGION AWS_DEFAULT_REGION
  `,
  ],
  ["aws-login", "run aws, with --aws-login", "PATH"],
  [
    "sealed-keys",
    "read ~/.aws/stsaval/sealed, and run its opener by /bin/sh, for sealed keys",
    "HOME USERPROFILE DISPLAY WAYLAND_DISPLAY",
  ],
  [
    "sealed-store",
    "read and write ~/.aws/stsaval/sealed",
    "HOME USERPROFILE DISPLAY WAYLAND_DISPLAY",
  ],
  [
    "opener",
    "run the program of --opener, or those of this machine's keyrings, by /bin/sh",
    "PATH",
  ],
  ["write-output", "write the file of --output", ""],
  ["write-file", "write the file of --write", ""],
  [
    "write-home",
    "write the folder of --write-home",
    "HOME USERPROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE",
  ],
  ["colors", "read NO_COLOR, FORCE_COLOR and TERM", "NO_COLOR FORCE_COLOR TERM"],
  [
    "shell-variables",
    "read the variables of a shell with credentials",
    "STSAVAL_PROFILE AWS_CREDENTIAL_EXPIRATION AWS_PROFILE AWS_DEFAULT_PROFILE",
  ],
  ["listen", "listen on 127.0.0.1", ""],
  [
    "server",
    "listen on 127.0.0.1, and write ~/.aws/stsaval/servers",
    "HOME USERPROFILE STSAVAL_CACHE_DIR",
  ],
  [
    "server-of-child",
    "with --serve: listen on 127.0.0.1, and write ~/.aws/stsaval/servers",
    "HOME USERPROFILE STSAVAL_CACHE_DIR",
  ],
  [
    "sign-in",
    "run /bin/sh for a browser that signs in to IAM Identity Center, and listen on 127.0.0.1 for it",
    "SSH_CONNECTION SSH_CLIENT SSH_TTY CI CODESPACES CLOUD_SHELL",
  ],
];

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

pure("each need says what it is for, and opens each variable that it reads", () => {
  for (const [need, summary, environment] of expected) {
    const row = needRow(need as Need);
    const missing = wordsOf(environment).filter((name) => !row.environment?.includes(name));
    assertEquals([row.summary, missing], [summary, []], need);
    const common = "read NO_COLOR, FORCE_COLOR and TERM";
    assertEquals(describeNeeds([need as Need]), [...new Set([summary, common])]);
  }
  const all: readonly (readonly string[] | undefined)[] = Object.keys(needTable)
    .map((need) => needRow(need as Need).environment);
  assertEquals(environmentNames(true), [...new Set(all.flatMap((names) => names ?? []))].sort());
  for (const names of all) {
    for (const name of names ?? []) assertMatch(name, /^[A-Za-z][A-Za-z0-9_]+$/);
  }
});

pure("the variables of the SDK's edition for Node are read from source alone", () => {
  const ofSdk = [
    "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
    "AWS_LAMBDA_BENCHMARK_MODE",
    "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
    "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
  ];
  const compiled = environmentNames(true);
  assertEquals(environmentNames().filter((name) => !compiled.includes(name)), ofSdk);
  const row = needRow("sts");
  assertEquals(variablesOf(row, true).filter((name) => ofSdk.includes(name)), []);
  assertEquals(variablesOf(row, false).filter((name) => ofSdk.includes(name)).sort(), ofSdk);
});

pure("STS is called, and a person asked, by the needs for that alone", () => {
  const having = (field: "sts" | "prompts") =>
    Object.keys(needTable).filter((need) => needRow(need as Need)[field] === true);
  assertEquals([having("sts"), having("prompts")], [["sts"], ["prompt"]]);
  for (const need of ["sts", "prompt", "cache", "sources"] as const) {
    assertEquals(credentialNeeds.includes(need), true, need);
  }
});
