/**
 * Who a caller is: a user, the session of a user, or the session of a role.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { encodeBase32 } from "../signing/totp.ts";
import { type EmulatorRole, type EmulatorUser, userArn } from "./account_state.ts";

/** Whose keys an access key id belongs to. */
export interface EmulatorIdentity {
  /** Long-term keys of a user or of an account's root user, or temporary keys of a user or of a role. */
  readonly kind: "user" | "root" | "user-session" | "role-session";
  /** The account, twelve digits. */
  readonly account: string;
  /** What GetCallerIdentity answers: the ARN of the user or of the assumed role. */
  readonly arn: string;
  /** What GetCallerIdentity answers: AIDA…, or AROA… with the session's name. */
  readonly userId: string;
  /** The role behind a role session. */
  readonly roleArn?: string;
  /** True for the session of a user that proved its MFA device. */
  readonly mfaPresent: boolean;
  /** When temporary keys end, in milliseconds since 1970. */
  readonly expiration?: number;
}

/** What GetCallerIdentity answers. */
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

/** A role as its sessions need it. */
export interface RoleParts {
  readonly partition: string;
  readonly account: string;
  /** The role's name, without its path. */
  readonly name: string;
  /** AROA…. */
  readonly id: string;
}

/** What the sessions of a role are made of. */
export function roleParts(role: EmulatorRole): RoleParts {
  const [, partition = "", , , account = "", resource = ""] = role.arn.split(":");
  return {
    partition,
    account,
    name: resource.slice(resource.lastIndexOf("/") + 1),
    id: uniqueId("AROA", role.arn),
  };
}

/** The identity behind an assumed role. MFA is not carried over into it, as AWS does not. */
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

/** An id like those of IAM, the same for the same ARN each time: four letters and seventeen more. */
function uniqueId(prefix: string, arn: string): string {
  return prefix + encodeBase32(createHash("sha1").update(arn).digest()).slice(0, 17);
}
