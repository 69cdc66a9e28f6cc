/**
 * The instance metadata of EC2, version 2, for programs that know nothing but instance profiles. Version 1, without a
 * token, is refused. Any process of this machine can ask for a token: the container endpoint is the better one.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { createGuard } from "./guard.ts";
import type { MetadataTokens } from "./metadata_tokens.ts";
import { emptyReply, errorReply, textInit } from "./reply.ts";
import { findRoute, pathOf, type Route } from "./route.ts";
import {
  accountOf,
  failureOf,
  formatSecond,
  type ServedCredentials,
} from "./served_credentials.ts";

/** What the service is made of. */
export interface MetadataParts {
  readonly served: ServedCredentials;
  /** The one profile that it serves. */
  readonly profile: string;
  /** The region that it claims to be in; undefined leaves that unanswered. */
  readonly region: string | undefined;
  /** The port of 127.0.0.1 that it is served on. */
  readonly port: number;
  readonly tokens: MetadataTokens;
}

const ttlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
const tokenHeader = "x-aws-ec2-metadata-token";
const instanceId = "i-00000000000000000";
const rolesPath = "/latest/meta-data/iam/security-credentials";

/** The routes. `…/security-credentials-extended/` is none: SDKs go on with the plain one at 404. */
export const metadataRoutes: readonly Route<MetadataParts>[] = [
  {
    method: "PUT",
    path: "/latest/api/token",
    summary: "a token for that many seconds",
    open: true,
    respond({ tokens }, { headers }) {
      const seconds = headers.get(ttlHeader);
      const token = tokens.issue(seconds);
      if (token === undefined || seconds === null) return emptyReply(400);
      // The SDK for Go fails without the echo.
      return new Response(token, { headers: [...textInit.headers, [ttlHeader, seconds]] });
    },
  },
  {
    method: "GET",
    path: rolesPath,
    summary: "the name of the role",
    respond: (parts) => text(roleName(parts)),
  },
  {
    method: "GET",
    path: `${rolesPath}/*`,
    summary: "the credentials of the role",
    respond(parts, _, role) {
      const { profile, served } = parts;
      if (role !== roleName(parts)) return emptyReply(404);
      try {
        return text(formatCredentials(served.read(profile)));
      } catch (error) {
        return errorReply(failureOf(error, served.ended));
      }
    },
  },
  {
    method: "GET",
    path: "/latest/meta-data/iam/info",
    summary: "the instance profile, for the SDK for .NET",
    respond(parts) {
      const account = accountOf(roleArnOf(parts)) ?? "000000000000";
      const arn = `arn:aws:iam::${account}:instance-profile/${roleName(parts)}`;
      return text(JSON.stringify({ Code: "Success", InstanceProfileArn: arn }));
    },
  },
  {
    method: "GET",
    path: "/latest/meta-data/placement/region",
    summary: "the region",
    respond: ({ region }) => region === undefined ? emptyReply(404) : text(region),
  },
  {
    method: "GET",
    path: "/latest/meta-data/placement/availability-zone",
    summary: "a zone of the region, of which the AWS CLI cuts the last letter",
    respond: ({ region }) => region === undefined ? emptyReply(404) : text(`${region}a`),
  },
  {
    method: "GET",
    path: "/latest/dynamic/instance-identity/document",
    summary: "the region as JSON, for the SDKs for Java and Go",
    respond: (parts) => text(JSON.stringify(identityOf(parts))),
  },
  {
    method: "GET",
    path: "/latest/meta-data/instance-id",
    summary: "an instance id, which the first SDK for Go asks for",
    respond: () => text(instanceId),
  },
];

/** The service as a function. */
export function createInstanceMetadata(parts: MetadataParts): (request: Request) => Response {
  const guard = createGuard(parts.port);
  return (request) => {
    const failure = guard(request);
    if (failure !== undefined) return errorReply(failure);
    const found = findRoute(metadataRoutes, request.method, pathOf(request.url));
    const isOpen = "route" in found && found.route.open === true;
    if (!isOpen && !parts.tokens.accepts(request.headers.get(tokenHeader))) return emptyReply(401);
    if ("status" in found) return emptyReply(found.status, found.allow);
    return found.route.respond(parts, request, found.rest);
  };
}

function text(body: string): Response {
  return new Response(body, textInit);
}

function roleArnOf({ served, profile }: MetadataParts): string | undefined {
  return served.roles.get(profile);
}

/** A name that needs no encoding in a path: some SDKs encode none. */
function roleName(parts: MetadataParts): string {
  return roleArnOf(parts)?.split("/").at(-1) ?? "stsaval";
}

function identityOf(parts: MetadataParts): object {
  const { region } = parts;
  const availabilityZone = region === undefined ? undefined : `${region}a`;
  return { accountId: accountOf(roleArnOf(parts)), availabilityZone, instanceId, region };
}

function formatCredentials(credentials: Credentials): string {
  const { AccessKeyId, SecretAccessKey, SessionToken, StartTime, Expiration } = credentials;
  return JSON.stringify({
    Code: "Success",
    LastUpdated: formatSecond(StartTime),
    Type: "AWS-HMAC",
    AccessKeyId,
    SecretAccessKey,
    Token: SessionToken,
    Expiration: formatSecond(Expiration),
  });
}
