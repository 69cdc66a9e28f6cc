/**
 * The `AWS_…` variables that are used, read once.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { Environment } from "../system.ts";
import { definedFields } from "./fields.ts";
import { quoteValue } from "./file/quote.ts";

/** The variables that may hold a session token; the second is the name that it had first. */
export const sessionVariables = ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"] as const;

/** One of {@linkcode sessionVariables}. */
export type SessionVariable = typeof sessionVariables[number];

/** The services beside STS whose endpoints can be set, by their names in a `[services …]` section. */
export const serviceNames = ["sso", "sso_oidc", "signin"] as const;

/** A service beside STS. */
export type ServiceName = typeof serviceNames[number];

/**
 * The variable that tells a program which profiles are waiting for it, so that one that asks for the credentials of such a
 * profile is noticed: a JSON array of their names, each with the file and the line that name the program.
 */
export const processChainVariable = "STSAVAL_PROCESS_CHAIN";

/** Custom endpoints by service. */
export type ServiceUrls = Readonly<Partial<Record<ServiceName, string>>>;

/** The settings of the environment. */
export interface ConfigEnvironment {
  /** `AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`. */
  readonly profile?: string;
  /** `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** Where the session token is. */
  readonly sessionVariable?: SessionVariable;
  /** `AWS_ENDPOINT_URL_STS`. */
  readonly stsEndpointUrl?: string;
  /** `AWS_ENDPOINT_URL_SSO` and its like, by the name of the service in the files. */
  readonly serviceUrls?: ServiceUrls;
  /** `AWS_ENDPOINT_URL`. */
  readonly endpointUrl?: string;
  readonly ignoreConfiguredEndpointUrls?: boolean;
  readonly useFips?: boolean;
  readonly useDualstack?: boolean;
  readonly stsRegionalEndpoints?: "legacy" | "regional";
  /** What {@linkcode processChainVariable} holds. */
  readonly processChain?: string;
}

/**
 * Reads the variables.
 *
 * @throws {UsageError} when a variable with a fixed set of values has another value
 */
export function readEnvironment(env: Environment): ConfigEnvironment {
  const flag = (name: string) => {
    const word = choice(env, name, ["true", "false"]);
    return word === undefined ? undefined : word === "true";
  };
  const sessionVariable = sessionVariables.find((name) => env.get(name) !== undefined);
  return definedFields<ConfigEnvironment>({
    profile: env.get("AWS_PROFILE") ?? env.get("AWS_DEFAULT_PROFILE"),
    region: env.get("AWS_REGION") ?? env.get("AWS_DEFAULT_REGION"),
    accessKeyId: env.get("AWS_ACCESS_KEY_ID"),
    secretAccessKey: env.get("AWS_SECRET_ACCESS_KEY"),
    sessionToken: sessionVariable === undefined ? undefined : env.get(sessionVariable),
    sessionVariable,
    stsEndpointUrl: env.get("AWS_ENDPOINT_URL_STS"),
    serviceUrls: readServiceUrls(env),
    endpointUrl: env.get("AWS_ENDPOINT_URL"),
    ignoreConfiguredEndpointUrls: flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
    useFips: flag("AWS_USE_FIPS_ENDPOINT"),
    useDualstack: flag("AWS_USE_DUALSTACK_ENDPOINT"),
    stsRegionalEndpoints: choice(env, "AWS_STS_REGIONAL_ENDPOINTS", ["legacy", "regional"]),
    processChain: env.get(processChainVariable),
  });
}

/** `AWS_ENDPOINT_URL_SSO_OIDC` and its like; undefined where none is set. */
function readServiceUrls(env: Environment): ServiceUrls | undefined {
  const set = serviceNames.flatMap((name) => {
    const url = env.get(`AWS_ENDPOINT_URL_${name.toUpperCase()}`);
    return url === undefined ? [] : [[name, url] as const];
  });
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function choice<const Choice extends string>(
  env: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = env.get(name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(
    `Cannot use ${quoteValue(value)} for ${name}: wanted ${choices.join(" or ")}`,
    { hint: `unset ${name}, or set it to ${choices[0]}` },
  );
}
