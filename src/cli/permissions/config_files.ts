/**
 * The files of the configuration, and the variables that choose and complete it.
 *
 * @module
 */

import { processChainVariable } from "../../config/environment.ts";
import { expandHome } from "../../config/home.ts";
import { containerVariables } from "../../source/metadata/container_variables.ts";
import { instanceVariables } from "../../source/metadata/instance_variables.ts";
import type { Environment } from "../../system.ts";
import { ParsedArguments } from "../parse/arguments.ts";

/** The variables that choose and complete the configuration. */
// deno-fmt-ignore
export const configVariables: readonly string[] = [
  "HOME", "USERPROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_ENDPOINT_URL_SIGNIN", "AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS",
  "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
  processChainVariable,
];

/** The variables from which the default chain takes credentials. */
export const chainVariables: readonly string[] = [
  ...["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"],
  ...[...Object.values(containerVariables), ...Object.values(instanceVariables)],
];

/** Where the paths of the files to read come from. */
export interface FileContext {
  readonly arguments: ParsedArguments;
  readonly env: Environment;
}

/** The credentials file in use. */
export function credentialsFile({ arguments: given, env }: FileContext): string {
  const path = given.text("credentials-file") ?? env.get("AWS_SHARED_CREDENTIALS_FILE") ??
    "~/.aws/credentials";
  return expandHome(path, env);
}

/** The config file in use. */
export function configFile({ arguments: given, env }: FileContext): string {
  const path = given.text("config-file") ?? env.get("AWS_CONFIG_FILE") ?? "~/.aws/config";
  return expandHome(path, env);
}

/** All files of the configuration. */
export function configPaths(context: FileContext): readonly string[] {
  return [
    configFile(context),
    credentialsFile(context),
    ...context.arguments.list("role-file").map((path) => expandHome(path, context.env)),
  ];
}

/** The files of the configuration that other programs read: they know nothing of our options. */
export function programPaths({ env }: Pick<FileContext, "env">): readonly string[] {
  return configPaths({ arguments: new ParsedArguments({}, [], []), env });
}

/** The options among the words of another command line that name files of the configuration. */
export function configWords(words: readonly string[]): ParsedArguments {
  const valuesOf = (name: string) =>
    words.flatMap((word, index) =>
      word === `--${name}`
        ? words[index + 1] ?? []
        : word.startsWith(`--${name}=`)
        ? word.slice(name.length + 3)
        : []
    );
  return new ParsedArguments(
    {
      "config-file": valuesOf("config-file").at(-1),
      "credentials-file": valuesOf("credentials-file").at(-1),
      "role-file": valuesOf("role-file"),
    },
    [],
    [],
  );
}
