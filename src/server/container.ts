/**
 * The container endpoint: one path a profile, as Amazon ECS and EKS serve it to every SDK.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { createGuard } from "./guard.ts";
import { emptyReply, errorReply, jsonInit } from "./reply.ts";
import { findRoute, pathOf, type Route } from "./route.ts";
import type { Secret } from "./secret.ts";
import {
  accountOf,
  failureOf,
  formatSecond,
  type ServedCredentials,
} from "./served_credentials.ts";
import { originOf } from "./variables.ts";

/** What the endpoint is made of. */
export interface ContainerParts {
  readonly served: ServedCredentials;
  /** The port of 127.0.0.1 that it is served on. */
  readonly port: number;
  /** What `Authorization` must be. */
  readonly token: Secret;
  /** The first segment of every path: it is unknown to whoever takes over the port later. */
  readonly segment: string;
}

/** The routes, below the secret segment. */
export const containerRoutes: readonly Route<ContainerParts>[] = [
  {
    method: "GET",
    path: "/*",
    summary: "the credentials of a profile",
    respond: ({ served }, _, profile) =>
      served.roles.has(profile) ? respondWith(served, profile) : unknownProfile(profile),
  },
];

/** The URL of a profile. */
export function containerUrl({ port, segment }: ContainerParts, profile: string): string {
  return `${originOf(port)}/${segment}/${encodeURIComponent(profile)}`;
}

/** The endpoint as a function. Nothing is told, of errors either, without the token. */
export function createContainer(parts: ContainerParts): (request: Request) => Response {
  const guard = createGuard(parts.port);
  // What SDKs send is a known URL to the letter.
  const profiles = new Map(
    [...parts.served.roles.keys()].map((profile) => [containerUrl(parts, profile), profile]),
  );
  const start = `/${parts.segment}/`;
  return (request) => {
    const hasToken = parts.token.matches(request.headers.get("authorization"));
    const failure = guard(request, hasToken);
    if (failure !== undefined) return errorReply(failure);
    if (!hasToken) return errorReply(noToken);
    const profile = profiles.get(request.url);
    if (profile !== undefined && request.method === "GET") {
      return respondWith(parts.served, profile);
    }
    const path = pathOf(request.url);
    if (!path.startsWith(start)) return errorReply(unknownPath);
    const found = findRoute(containerRoutes, request.method, path.slice(start.length - 1));
    if ("status" in found) return emptyReply(found.status, found.allow);
    return found.route.respond(parts, request, found.rest);
  };
}

function respondWith(served: ServedCredentials, profile: string): Response {
  try {
    return new Response(bodyOf(served, profile), jsonInit);
  } catch (error) {
    return errorReply(failureOf(error, served.ended));
  }
}

const noToken = {
  status: 401,
  code: "Unauthorized",
  message: "Cannot serve credentials: wanted the token of AWS_CONTAINER_AUTHORIZATION_TOKEN",
};

const unknownPath = {
  status: 404,
  code: "NotFound",
  message: "Cannot serve credentials: wanted the path of AWS_CONTAINER_CREDENTIALS_FULL_URI",
};

function unknownProfile(profile: string): Response {
  const message = `Cannot serve profile ${JSON.stringify(profile)}: it was not named at the start`;
  return errorReply({ status: 404, code: "NotFound", message });
}

/** The bodies of the credentials that are served now: each is made once. */
const bodies = new WeakMap<Credentials, string>();

function bodyOf(served: ServedCredentials, profile: string): string {
  const credentials = served.read(profile);
  const known = bodies.get(credentials);
  if (known !== undefined) return known;
  const roleArn = served.roles.get(profile);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials;
  const body = JSON.stringify({
    AccessKeyId,
    SecretAccessKey,
    Token: SessionToken,
    Expiration: formatSecond(Expiration),
    AccountId: accountOf(roleArn),
    RoleArn: roleArn,
  });
  bodies.set(credentials, body);
  return body;
}
