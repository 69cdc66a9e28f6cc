/**
 * The access keys of the user that keys belong to, by one signed query of IAM.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { queryIam } from "./query.ts";

/** AWS allows two for a user. */
const mostKeys = 2;

/** An access key, as IAM lists it: without its secret. */
export interface ListedKey {
  readonly accessKeyId: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** False where it was deactivated. */
  readonly isActive: boolean;
}

/**
 * The keys of the user.
 *
 * @throws {SourceError} SOURCE_REFUSED when the keys are wrong, or may not ask; SOURCE_UNREACHABLE without a response
 */
export async function listAccessKeys(
  ports: CallPorts,
  keys: AccessKeys,
  endpoint: IamEndpoint,
): Promise<readonly ListedKey[]> {
  const text = await queryIam(ports, keys, endpoint, {
    action: "ListAccessKeys",
    cannot: "Cannot list the access keys",
    hint: "allow iam:ListAccessKeys, or leave out --ask-iam",
  });
  const members = [...text.matchAll(/<member>(.*?)<\/member>/gs)].slice(0, mostKeys);
  return members.flatMap(([, member = ""]) => {
    const field = (name: string) =>
      new RegExp(`<${name}>\\s*([\\w:.+-]{1,128})\\s*</${name}>`).exec(member)?.[1];
    const [accessKeyId, date, status] = ["AccessKeyId", "CreateDate", "Status"].map(field);
    const created = Date.parse(date ?? "");
    if (accessKeyId === undefined || Number.isNaN(created)) return [];
    return [{ accessKeyId, created, isActive: status !== "Inactive" }];
  });
}
