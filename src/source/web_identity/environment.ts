/**
 * Web identity as the environment alone names it, as EKS does for the pods of a service account.
 *
 * @module
 */

import type { EnvironmentContext } from "../../config/base_kind.ts";
import { readEnvironment } from "../../config/environment.ts";
import { quoteValue } from "../../config/file/quote.ts";
import { roleArnLimit, roleSessionNameLimit, type TextLimit } from "../../config/limits.ts";
import { chooseEndpoint } from "../../config/plan/endpoint_choice.ts";
import { ProfileError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import type { Environment } from "../../system.ts";
import { environmentStep } from "../source.ts";
import { roleSettings } from "./role.ts";

const fileVariable = "AWS_WEB_IDENTITY_TOKEN_FILE";
const roleVariable = "AWS_ROLE_ARN";
const sessionVariable = "AWS_ROLE_SESSION_NAME";

/** Stands for the name of a profile in messages. */
const environmentName = "environment";

/**
 * The step that the variables name; undefined where there is no token file.
 *
 * @throws {ProfileError} when there is one, but no usable role
 */
export function stepOfEnvironment(
  source: string,
  env: Environment,
  { request = {}, defaults }: EnvironmentContext = {},
): SourceStep | undefined {
  const tokenFile = env.get(fileVariable);
  if (tokenFile === undefined) return undefined;
  const roleArn = checked(env, roleVariable, roleArnLimit) ?? failMissing();
  const roleSessionName = checked(env, sessionVariable, roleSessionNameLimit) ??
    `sts-${environmentName}`;
  const environment = readEnvironment(env);
  const endpoint = chooseEndpoint({
    ...{ asked: environmentName, request, environment, arn: roleArn },
    profiles: defaults === undefined ? [] : [defaults],
  });
  return environmentStep({
    source,
    detail: `${quoteValue(tokenFile)}, role ${roleArn}`,
    settings: { tokenFile, ...roleSettings({ roleArn, roleSessionName, endpoint }) },
    reason: `${fileVariable} and ${roleVariable} are set`,
  });
}

function checked(env: Environment, name: string, limit: TextLimit): string | undefined {
  const value = env.get(name);
  if (value === undefined || limit.pattern.test(value)) return value;
  return fail(`${name} is ${quoteValue(value)}, wanted ${limit.wanted}`, `correct ${name}`);
}

function failMissing(): never {
  return fail(`${fileVariable} is set, but ${roleVariable} is not`, `set ${roleVariable}`);
}

function fail(why: string, hint: string): never {
  const message = `Cannot use the web identity of the environment: ${why}`;
  throw new ProfileError([{ profile: environmentName, message, hint }]);
}
