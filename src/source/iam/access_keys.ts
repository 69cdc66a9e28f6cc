/**
 * The access keys of a user, as IAM tells of them: without their secrets.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { queryIam } from "./query.ts";
import { members, textOf } from "./response_xml.ts";

/** AWS allows two for a user. */
const mostKeys = 2;

/** An access key, as IAM lists it. */
export interface ListedKey {
  readonly accessKeyId: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** False where it was deactivated. */
  readonly isActive: boolean;
}

/** What IAM knows of the last use of a key. */
export interface KeyUse {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it was used for: `sts`. */
  readonly service: string;
}

/** About whom IAM is asked, and what helps where it does not tell. */
export interface UserQuery {
  /** The user, without its path; temporary keys must name it. Default: whom the keys belong to. */
  readonly userName?: string | undefined;
  /** Default: how `doctor` does without. */
  readonly hint?: string | undefined;
}

/**
 * The keys of the user.
 *
 * @throws {IamRefusal} when the keys are wrong, or may not ask
 * @throws {SourceError} SOURCE_UNREACHABLE without a response
 */
export async function listAccessKeys(
  ports: CallPorts,
  keys: AccessKeys,
  endpoint: IamEndpoint,
  { userName, hint = "allow iam:ListAccessKeys, or leave out --ask-iam" }: UserQuery = {},
): Promise<readonly ListedKey[]> {
  const text = await queryIam(ports, keys, endpoint, {
    action: "ListAccessKeys",
    parameters: { UserName: userName },
    cannot: "Cannot list the access keys",
    hint,
  });
  return members(text).slice(0, mostKeys).flatMap((member) => {
    const [accessKeyId, date, status] = ["AccessKeyId", "CreateDate", "Status"]
      .map((name) => textOf(member, name));
    const created = Date.parse(date ?? "");
    if (accessKeyId === undefined || Number.isNaN(created)) return [];
    return [{ accessKeyId, created, isActive: status !== "Inactive" }];
  });
}

/**
 * When a key was used last, and for what; undefined for one that never was. IAM knows of a use after some minutes.
 *
 * @throws {IamRefusal} when the keys are wrong, or may not ask
 * @throws {SourceError} SOURCE_UNREACHABLE without a response
 */
export async function lastUseOf(
  accessKeyId: string,
  ports: CallPorts,
  keys: AccessKeys,
  endpoint: IamEndpoint,
  { hint = "allow iam:GetAccessKeyLastUsed" }: Pick<UserQuery, "hint"> = {},
): Promise<KeyUse | undefined> {
  const text = await queryIam(ports, keys, endpoint, {
    action: "GetAccessKeyLastUsed",
    parameters: { AccessKeyId: accessKeyId },
    cannot: `Cannot find out when the access key …${accessKeyId.slice(-4)} was used last`,
    hint,
  });
  const at = Date.parse(textOf(text, "LastUsedDate") ?? "");
  return Number.isNaN(at) ? undefined : { at, service: textOf(text, "ServiceName") ?? "N/A" };
}
