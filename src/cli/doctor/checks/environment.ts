/**
 * Checks of the environment: variables that shadow profiles, contradict each other, or that some tools alone read.
 *
 * @module
 */

import type { Environment } from "../../../system.ts";
import type { Check, Finding } from "../finding.ts";

/** Names that nothing current reads, with the one that is read. */
const outdated: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY: "AWS_ACCESS_KEY_ID",
  AWS_SECRET_KEY: "AWS_SECRET_ACCESS_KEY",
  AWS_CREDENTIAL_FILE: "AWS_SHARED_CREDENTIALS_FILE",
};

/** The shells that other tools start, by the variable that they set. */
const shellsOfOthers: Readonly<Record<string, string>> = {
  AWS_VAULT: "aws-vault",
  AWSUME_PROFILE: "awsume",
  AWS_OKTA_PROFILE: "aws-okta",
};

/** The rows. */
export const environmentChecks: readonly Check[] = [
  {
    name: "variable-profile",
    summary: "AWS_PROFILE names a profile that exists",
    run: ({ config, invocation: { system: { env } } }) =>
      ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].flatMap((name) => {
        const value = env.get(name);
        if (value === undefined || config === undefined || config.profiles.has(value)) return [];
        return [{
          severity: "error" as const,
          message: `${name} names a profile that does not exist: ${JSON.stringify(value)}`,
          cure: `unset ${name}; 'stsaval profiles' lists the known profiles`,
        }];
      }),
  },
  {
    name: "variable-keys",
    summary: "the keys in the environment are complete",
    run: ({ invocation: { system: { env } } }) => incompleteKeys(env),
  },
  {
    name: "variable-shadow",
    summary: "no keys in the environment shadow the profile that AWS_PROFILE names",
    run: ({ config, invocation: { system: { env } } }) => {
      if (env.get("AWS_ACCESS_KEY_ID") === undefined) return [];
      const named = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((name) => env.get(name));
      if (named !== undefined) {
        const message = `AWS_ACCESS_KEY_ID shadows ${named} for the AWS CLI and boto3, ` +
          "while other tools take the profile";
        return [{ severity: "warning", message, cure: shadowCure }];
      }
      if (!config?.profiles.get("default")?.accessKeyId) return [];
      const message = 'AWS_ACCESS_KEY_ID shadows profile "default"';
      return [{ severity: "note", message, cure: shadowCure }];
    },
  },
  {
    name: "variable-ended",
    summary: "the keys in the environment have not expired",
    run: ({ invocation: { system: { clock, env } } }) => {
      const end = Date.parse(env.get("AWS_CREDENTIAL_EXPIRATION") ?? "");
      if (env.get("AWS_ACCESS_KEY_ID") === undefined || Number.isNaN(end)) return [];
      if (end > clock.now()) return [];
      const at = new Date(end).toISOString();
      const message = `The credentials of the environment have expired, at ${at}`;
      return [{ severity: "error", message, cure: shadowCure }];
    },
  },
  {
    name: "variable-outdated",
    summary: "no variable has a name of other times",
    run: ({ invocation: { system: { env } } }) =>
      Object.entries(outdated).filter(([name]) => env.get(name) !== undefined).map(
        ([name, wanted]) => ({
          severity: "warning" as const,
          message: `${name} is not read any more, wanted ${wanted}`,
          cure: `unset ${name}`,
        }),
      ),
  },
  {
    name: "variable-contradiction",
    summary: "no two variables for the same thing differ",
    run: ({ invocation: { system: { env } } }) =>
      contradictions.flatMap(([one, other, who]) => {
        const [first, second] = [env.get(one), env.get(other)];
        if (first === undefined || second === undefined || first === second) return [];
        const message = `${one} and ${other} differ: ${who}`;
        return [{ severity: "warning" as const, message, cure: `unset ${other}` }];
      }),
  },
  {
    name: "variable-endpoint",
    summary: "no variable leads every service to another endpoint",
    run: ({ invocation: { system: { env } } }) => {
      if (env.get("AWS_ENDPOINT_URL") === undefined) return [];
      if (env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.toLowerCase() === "true") return [];
      const message = "AWS_ENDPOINT_URL leads every service of AWS to one endpoint";
      return [{ severity: "warning", message, cure: "unset AWS_ENDPOINT_URL, if not meant" }];
    },
  },
  {
    name: "variable-web-identity",
    summary: "the variables of web identity are complete",
    run: ({ invocation: { system: { env } } }) => {
      const [role, token] = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"].map((name) =>
        env.get(name)
      );
      if (token === undefined || role !== undefined) return [];
      const message = "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN";
      return [{ severity: "warning", message, cure: "set AWS_ROLE_ARN, or unset the other" }];
    },
  },
  {
    name: "shell-of-another",
    summary: "the shell was not started by another tool for credentials",
    run: ({ invocation: { system: { env } } }) =>
      Object.entries(shellsOfOthers).filter(([name]) => env.get(name) !== undefined).map(
        ([name, tool]) => ({
          severity: "note" as const,
          message: `${name} is set: ${tool} started this shell, and its variables shadow profiles`,
          cure: "leave that shell with 'exit'",
        }),
      ),
  },
];

const shadowCure =
  "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION";

const contradictions: readonly (readonly [one: string, other: string, who: string])[] = [
  ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "most tools take the first, older ones the second"],
  ["AWS_REGION", "AWS_DEFAULT_REGION", "SDKs take the first, the AWS CLI 1 and boto3 the second"],
  ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "older tools take the second"],
];

function incompleteKeys(env: Environment): readonly Finding[] {
  const [id, secret, token] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
    .map((name) => env.get(name));
  const cure = shadowCure;
  if (id !== undefined && secret === undefined) {
    const message = "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY";
    return [{ severity: "error", message, cure }];
  }
  if (id === undefined && secret !== undefined) {
    const message = "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID";
    return [{ severity: "error", message, cure }];
  }
  if (id === undefined && token !== undefined) {
    const message = "AWS_SESSION_TOKEN is set without keys";
    return [{ severity: "warning", message, cure }];
  }
  if (id?.startsWith("ASIA") && (token ?? env.get("AWS_SECURITY_TOKEN")) === undefined) {
    const message = "AWS_ACCESS_KEY_ID is that of temporary keys, but no session token is set";
    return [{ severity: "error", message, cure }];
  }
  return [];
}
