/**
 * Where the files of the configuration are, by the options, the environment and the home folder.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ParsedArguments } from "../../../src/cli/parse/arguments.ts";
import {
  chainVariables,
  configPaths,
  configVariables,
  configWords,
} from "../../../src/cli/permissions/config_files.ts";

function pathsOf(
  values: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string>> = {},
): readonly string[] {
  const all: Readonly<Record<string, string>> = { HOME: "/home/kim", ...variables };
  const env = { get: (name: string) => all[name] };
  return configPaths({ arguments: new ParsedArguments(values, [], []), env });
}

Deno.test("configPaths() takes options before variables, and those before the usual places", () => {
  const usual = ["/home/kim/.aws/config", "/home/kim/.aws/credentials"];
  assertEquals(pathsOf({}), usual);
  const env = { AWS_CONFIG_FILE: "~/c", AWS_SHARED_CREDENTIALS_FILE: "/s" };
  assertEquals(pathsOf({}, env), ["/home/kim/c", "/s"]);
  const options = { "config-file": "a", "credentials-file": "~/b", "role-file": ["~/r", "/q"] };
  assertEquals(pathsOf(options, env), ["a", "/home/kim/b", "/home/kim/r", "/q"]);
});

Deno.test("configWords() finds the files among the words of another command line", () => {
  const rows = [
    [["creds", "--config-file", "/a", "--credentials-file=/b"], ["/a", "/b"]],
    [["--config-file=/a", "--config-file", "/z", "--credentials-file", "/b"], ["/z", "/b"]],
    [["--credentials-file=/x", "--credentials-file=/b", "--config-file=/a"], ["/a", "/b"]],
    [["--role-file", "/r", "--role-file=/q=1"], [...usualPaths(), "/r", "/q=1"]],
    // An option without its value, and other options that look alike.
    [["--my--config-file=/a", "--credentials-files=/b", "--config-file"], usualPaths()],
  ] as const;
  for (const [words, paths] of rows) {
    const env = { get: (name: string) => name === "HOME" ? "/home/kim" : undefined };
    assertEquals(configPaths({ arguments: configWords(words), env }), [...paths], words.join(" "));
  }
});

function usualPaths(): readonly string[] {
  return ["/home/kim/.aws/config", "/home/kim/.aws/credentials"];
}

Deno.test("the variables of the configuration are those of the AWS SDKs", () => {
  // One that is not listed may not be read by the compiled program, as if it were not set.
  assertEquals(
    [...configVariables].join(" "),
    "HOME USERPROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_PROFILE AWS_DEFAULT_PROFILE " +
      "AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_SSO " +
      "AWS_ENDPOINT_URL_SSO_OIDC AWS_ENDPOINT_URL_SIGNIN AWS_ENDPOINT_URL " +
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT " +
      "AWS_STS_REGIONAL_ENDPOINTS AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN " +
      "AWS_SECURITY_TOKEN STSAVAL_PROCESS_CHAIN",
  );
  assertEquals(
    [...chainVariables].join(" "),
    "AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME " +
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI " +
      "AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE " +
      "AWS_EC2_METADATA_DISABLED AWS_EC2_METADATA_V1_DISABLED AWS_EC2_METADATA_SERVICE_ENDPOINT " +
      "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE AWS_METADATA_SERVICE_TIMEOUT " +
      "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
  );
});
