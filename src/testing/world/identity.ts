/**
 * The identity of a caller: a user, the session of a user, or the session of a role.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { SessionTag } from "../http/call_log.ts";
import { encodeBase32 } from "../signing/totp.ts";
import { type EmulatorRole, type EmulatorUser, userArn } from "./account_state.ts";

/** The identity that owns an access key id. */
export interface EmulatorIdentity {
  /** Long-term keys of a user or of an account's root user, or temporary keys of a user or of a role. */
  readonly kind: "user" | "root" | "user-session" | "role-session";
  /** The account, twelve digits. */
  readonly account: string;
  /** What GetCallerIdentity returns: the ARN of the user or of the assumed role. */
  readonly arn: string;
  /** What GetCallerIdentity returns: AIDA…, or AROA… with the session's name. */
  readonly userId: string;
  /** The role behind a role session. */
  readonly roleArn?: string;
  /** True for the session of a user that authenticated with MFA. */
  readonly mfaPresent: boolean;
  /** True for the session of a role that was not assumed with long-term keys. */
  readonly isChained?: boolean;
  /** When temporary keys expire, in milliseconds since 1970. */
  readonly expiration?: number;
  /** The session's policies, tags and source identity. */
  readonly session?: SessionContext;
}

/** What narrows a session, and what is known of it. */
export interface SessionContext {
  /** The policies of each call that has narrowed it; each must allow what is done. */
  readonly policies: readonly SessionPolicies[];
  /** Session tags, inherited ones included. */
  readonly tags: readonly SessionTag[];
  /** The keys of the tags that the session of a further role inherits. */
  readonly transitiveTagKeys: readonly string[];
  /** Who is behind the session; further roles inherit it. */
  readonly sourceIdentity?: string | undefined;
}

/** The session policies of one call. */
export interface SessionPolicies {
  /** `AssumeRole`, `AssumeRoleWithWebIdentity` or `GetScopedCredentials`. */
  readonly operation: string;
  /** The inline policy, as JSON. */
  readonly policy?: string | undefined;
  /** The ARNs of managed policies. */
  readonly policyArns: readonly string[];
}

/** The response of GetCallerIdentity. */
export type CallerIdentity = Pick<EmulatorIdentity, "account" | "arn" | "userId">;

/** The identity behind a user's long-term keys. */
export function userIdentity(user: EmulatorUser): EmulatorIdentity {
  const arn = userArn(user);
  return {
    kind: user.isRoot ? "root" : "user",
    account: user.account,
    arn,
    userId: user.isRoot ? user.account : uniqueId("AIDA", arn),
    mfaPresent: false,
  };
}

/** The identity behind a session token of the user. */
export function userSessionIdentity(
  user: EmulatorIdentity,
  { mfaPresent, expiration }: { readonly mfaPresent: boolean; readonly expiration: number },
): EmulatorIdentity {
  return { ...user, kind: "user-session", mfaPresent, expiration };
}

/** The parts of a role that its sessions need. */
export interface RoleParts {
  readonly partition: string;
  readonly account: string;
  /** The role's name, without its path. */
  readonly name: string;
  /** AROA…. */
  readonly id: string;
}

/** The name and the id of a role, for its sessions. */
export function roleParts(role: EmulatorRole): RoleParts {
  const [, partition = "", , , account = "", resource = ""] = role.arn.split(":");
  return {
    partition,
    account,
    name: resource.slice(resource.lastIndexOf("/") + 1),
    id: uniqueId("AROA", role.arn),
  };
}

/** The identity behind an assumed role. As with AWS, MFA does not carry over into it. */
export function roleSessionIdentity(
  role: EmulatorRole,
  parts: RoleParts,
  { sessionName, expiration }: { readonly sessionName: string; readonly expiration: number },
): EmulatorIdentity {
  const { partition, account, name, id } = parts;
  return {
    kind: "role-session",
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `${id}:${sessionName}`,
    roleArn: role.arn,
    mfaPresent: false,
    expiration,
  };
}

/** An IAM-style unique id, always the same for the same ARN: a prefix of four letters and seventeen characters. */
function uniqueId(prefix: string, arn: string): string {
  return prefix + encodeBase32(createHash("sha1").update(arn).digest()).slice(0, 17);
}
