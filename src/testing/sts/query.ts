/**
 * Parses the AWS Query protocol: parameters in a form or in the URL become the input of an operation.
 *
 * @module
 */

import { EmulatorError, invalidAction } from "../http/error.ts";
import type { SignedRequest } from "../signing/signature_claim.ts";
import type {
  AssumeRoleInput,
  ScopedCredentialsInput,
  SessionTokenInput,
  WebIdentityInput,
} from "./input.ts";
import type { SessionParameters } from "./session_parameters.ts";

/** The API version of STS. */
export const STS_VERSION = "2011-06-15";

/** The parameters of a request: those of the URL, then those of the form. */
export function readParameters({ method, url, headers, body }: SignedRequest): URLSearchParams {
  const parameters = new URLSearchParams(url.searchParams);
  const type = headers.get("content-type") ?? "";
  const isForm = method === "POST" && type.startsWith("application/x-www-form-urlencoded");
  if (!isForm) return parameters;
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    parameters.append(name, value);
  }
  return parameters;
}

/**
 * The requested operation.
 *
 * @throws {EmulatorError} MissingAction or InvalidAction
 */
export function readOperation(parameters: URLSearchParams): string {
  const action = parameters.get("Action");
  if (!action) {
    throw new EmulatorError("MissingAction", 400, "The request is missing an action");
  }
  const version = parameters.get("Version") ?? "NO_VERSION_SPECIFIED";
  if (version !== STS_VERSION) throw invalidAction(action, version);
  return action;
}

/**
 * The input of GetSessionToken.
 *
 * @throws {EmulatorError} MalformedInput
 */
export function readSessionTokenInput(parameters: URLSearchParams): SessionTokenInput {
  return { durationSeconds: readSeconds(parameters), mfa: readMfa(parameters) };
}

/**
 * The input of AssumeRole.
 *
 * @throws {EmulatorError} MalformedInput
 */
export function readAssumeRoleInput(parameters: URLSearchParams): AssumeRoleInput {
  const text = (name: string) => parameters.get(name) ?? undefined;
  return {
    roleArn: text("RoleArn"),
    roleSessionName: text("RoleSessionName"),
    externalId: text("ExternalId"),
    ...readSessionParameters(parameters),
    durationSeconds: readSeconds(parameters),
    mfa: readMfa(parameters),
  };
}

/**
 * The input of AssumeRoleWithWebIdentity.
 *
 * @throws {EmulatorError} MalformedInput
 */
export function readWebIdentityInput(parameters: URLSearchParams): WebIdentityInput {
  const text = (name: string) => parameters.get(name) ?? undefined;
  return {
    roleArn: text("RoleArn"),
    roleSessionName: text("RoleSessionName"),
    webIdentityToken: text("WebIdentityToken"),
    policy: text("Policy"),
    policyArns: readMembers(parameters, "PolicyArns", ".arn"),
    durationSeconds: readSeconds(parameters),
  };
}

/**
 * The input of GetScopedCredentials.
 *
 * @throws {EmulatorError} MalformedInput
 */
export function readScopedCredentialsInput(parameters: URLSearchParams): ScopedCredentialsInput {
  return {
    policy: parameters.get("Policy") ?? undefined,
    description: parameters.get("ScopedSessionDescription") ?? undefined,
    durationSeconds: readSeconds(parameters),
  };
}

/** What narrows and marks a session, as far as it is given. */
export function readSessionParameters(parameters: URLSearchParams): SessionParameters {
  const keys = readMembers(parameters, "Tags", ".Key");
  const values = readMembers(parameters, "Tags", ".Value");
  return {
    policy: parameters.get("Policy") ?? undefined,
    policyArns: readMembers(parameters, "PolicyArns", ".arn"),
    tags: keys?.map((key, index) => ({ key, value: values?.[index] ?? "" })),
    transitiveTagKeys: readMembers(parameters, "TransitiveTagKeys"),
    sourceIdentity: parameters.get("SourceIdentity") ?? undefined,
  };
}

/** The members of a list, `Tags.member.1.Key` and so on; undefined without any. */
function readMembers(
  parameters: URLSearchParams,
  list: string,
  field = "",
): readonly string[] | undefined {
  const members: string[] = [];
  for (let number = 1;; number++) {
    const value = parameters.get(`${list}.member.${number}${field}`);
    if (value === null) return members.length === 0 ? undefined : members;
    members.push(value);
  }
}

function readMfa(parameters: URLSearchParams) {
  return {
    serial: parameters.get("SerialNumber") ?? undefined,
    code: parameters.get("TokenCode") ?? undefined,
  };
}

function readSeconds(parameters: URLSearchParams): number | undefined {
  const text = parameters.get("DurationSeconds");
  if (text === null) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) {
    throw new EmulatorError("MalformedInput", 400, "DurationSeconds is not a whole number");
  }
  return Number(text);
}
