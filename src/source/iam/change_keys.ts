/**
 * Makes, deactivates and deletes the access keys of a user.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { SourceError } from "../../errors.ts";
import type { CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { IamRefusal, queryIam } from "./query.ts";
import { textOf } from "./response_xml.ts";

/** Whose keys are changed, and with what. */
export interface KeyOwner {
  readonly ports: CallPorts;
  /** What signs the calls. */
  readonly keys: AccessKeys;
  readonly endpoint: IamEndpoint;
  /** Without its path. */
  readonly userName: string;
}

/** A new key: IAM shows its secret only this once. */
export interface NewKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/**
 * Makes a key. It is called once: where there is no response, a key may have been made whose secret is lost.
 *
 * @throws {IamRefusal} LimitExceeded where the user has two
 * @throws {SourceError} SOURCE_UNREACHABLE where it is not known whether a key was made
 */
export async function createAccessKey(owner: KeyOwner): Promise<NewKey> {
  const text = await query(owner, "CreateAccessKey", {
    cannot: "Cannot make an access key",
    isOnce: true,
  });
  const [accessKeyId, secretAccessKey] = ["AccessKeyId", "SecretAccessKey"]
    .map((name) => textOf(text, name));
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const message = "Cannot make an access key: IAM responded without one";
    throw new SourceError("SOURCE_UNREACHABLE", "iam", message);
  }
  const created = Date.parse(textOf(text, "CreateDate") ?? "");
  const now = owner.ports.system.clock.now();
  return { accessKeyId, secretAccessKey, created: Number.isNaN(created) ? now : created };
}

/**
 * Deactivates a key: nothing can be signed with it until it is activated again. One that is not there is no error.
 *
 * @throws {SourceError}
 */
export async function deactivateAccessKey(owner: KeyOwner, accessKeyId: string): Promise<void> {
  await unlessGone(query(owner, "UpdateAccessKey", {
    cannot: `Cannot deactivate the access key …${accessKeyId.slice(-4)}`,
    parameters: { AccessKeyId: accessKeyId, Status: "Inactive" },
  }));
}

/**
 * Deletes a key; one that is not there is no error.
 *
 * @throws {SourceError}
 */
export async function deleteAccessKey(owner: KeyOwner, accessKeyId: string): Promise<void> {
  await unlessGone(query(owner, "DeleteAccessKey", {
    cannot: `Cannot delete the access key …${accessKeyId.slice(-4)}`,
    parameters: { AccessKeyId: accessKeyId },
  }));
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof IamRefusal) || error.refusal !== "NoSuchEntity") throw error;
  }
}

async function query(
  { ports, keys, endpoint, userName }: KeyOwner,
  action: string,
  { cannot, parameters, isOnce }: {
    readonly cannot: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly isOnce?: boolean;
  },
): Promise<string> {
  return await queryIam(ports, keys, endpoint, {
    ...{ action, cannot, hint: `allow iam:${action} on the user "${userName}"` },
    parameters: { UserName: userName, ...parameters },
    ...(isOnce === undefined ? {} : { isOnce }),
  });
}
