/**
 * STS's responses as XML.
 *
 * @module
 */

import type { EmulatorError } from "../http/error.ts";
import type { CallerIdentity } from "../world/identity.ts";
import type { CheckedToken } from "../world/identity_providers.ts";
import { scopedPoliciesOf } from "./scoped_session.ts";
import type { Issued, IssuedRole } from "./state_machine.ts";

/** The XML namespace of STS's responses. */
export const STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** The largest session token that STS issues, in bytes. */
const TOKEN_LIMIT = 4_096;

/** XML content: text, or elements in their order; one of a list is repeated, and one without content is omitted. */
export type XmlContent =
  | string
  | { readonly [element: string]: XmlContent | readonly XmlContent[] | undefined };

/** Formats XML content, escaped, without added white space. */
export function formatXml(content: XmlContent): string {
  if (typeof content === "string") return escapeXml(content);
  return Object.entries(content)
    .flatMap(([name, child]) => [child ?? []].flat().map((one) => element(name, one)))
    .join("");
}

function element(name: string, content: XmlContent): string {
  return `<${name}>${formatXml(content)}</${name}>`;
}

/** The response of a successful operation. */
export function formatResponse(operation: string, result: XmlContent, requestId: string): string {
  return root(`${operation}Response`, {
    [`${operation}Result`]: result,
    ResponseMetadata: { RequestId: requestId },
  });
}

/** The response of a failed call. */
export function formatError(error: EmulatorError, requestId: string): string {
  return root("ErrorResponse", {
    Error: {
      Type: error.status < 500 ? "Sender" : "Receiver",
      Code: error.code,
      Message: error.message,
    },
    RequestId: requestId,
  });
}

/** The result of GetSessionToken. */
export function sessionTokenResult(issued: Issued): XmlContent {
  return { Credentials: credentials(issued) };
}

/** The result of AssumeRole. */
export function assumeRoleResult(issued: IssuedRole): XmlContent {
  return {
    SourceIdentity: issued.identity.session?.sourceIdentity,
    ...assumeRoleContent(issued),
  };
}

/** The result of GetScopedCredentials. */
export function scopedCredentialsResult(issued: Issued): XmlContent {
  const { arn, userId, session } = issued.identity;
  const size = issued.keys.sessionToken.length;
  return {
    Credentials: credentials(issued),
    SessionInfo: { ScopedSessionId: userId, Arn: arn },
    SessionTokenSize: String(size),
    SessionTokenUtilization: String(Math.ceil(size * 100 / TOKEN_LIMIT)),
    ScopedPoliciesCount: String(scopedPoliciesOf(issued.identity)),
    SourceIdentity: session?.sourceIdentity,
  };
}

function assumeRoleContent(issued: IssuedRole) {
  const { packedPercent } = issued;
  return {
    PackedPolicySize: packedPercent === undefined ? undefined : String(packedPercent),
    AssumedRoleUser: { Arn: issued.identity.arn, AssumedRoleId: issued.identity.userId },
    Credentials: credentials(issued),
  };
}

/** The result of AssumeRoleWithWebIdentity. */
export function webIdentityResult(
  issued: IssuedRole & { readonly token: CheckedToken },
): XmlContent {
  const { issuer, audience, subject } = issued.token;
  return {
    SubjectFromWebIdentityToken: subject,
    Audience: audience,
    Provider: issuer.replace("https://", ""),
    ...assumeRoleContent(issued),
  };
}

/** The result of GetCallerIdentity. */
export function callerIdentityResult({ arn, userId, account }: CallerIdentity): XmlContent {
  return { Arn: arn, UserId: userId, Account: account };
}

function credentials({ keys, expiration }: Issued): XmlContent {
  return {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    // STS returns whole seconds.
    Expiration: new Date(expiration).toISOString().replace(/\.\d+Z$/, "Z"),
  };
}

function root(name: string, content: XmlContent): string {
  return `<${name} xmlns="${STS_NAMESPACE}">${formatXml(content)}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
};

/** Escapes text for XML; characters that XML does not allow become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- those are the ones XML 1.0 forbids
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replaceAll(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? character);
}
