/**
 * The access keys of one user in IAM, for a rotation: the calls, and what helps where one is refused.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { type KeyUse, lastUseOf, listAccessKeys } from "../../source/iam/access_keys.ts";
import {
  createAccessKey,
  deactivateAccessKey,
  deleteAccessKey,
  type KeyOwner,
  type NewKey,
} from "../../source/iam/change_keys.ts";
import { IamRefusal } from "../../source/iam/query.ts";
import type { OnlineKey } from "../../store/rotation.ts";

/** The calls. */
export interface IamKeys {
  list(): Promise<readonly OnlineKey[]>;
  /** Called once: without a response it is not known whether a key was made. */
  create(): Promise<NewKey>;
  /** A key that is not there is no error. */
  deactivate(accessKeyId: string): Promise<void>;
  /** A key that is not there is no error. */
  delete(accessKeyId: string): Promise<void>;
  /** Undefined for a key that was never used. */
  lastUse(accessKeyId: string): Promise<KeyUse | undefined>;
}

/** How long a key that STS takes may still be unknown to IAM. */
const patienceMs = 60_000;
const pauseMs = 2_000;

/** The keys of the owner. */
export function createIamKeys(owner: KeyOwner): IamKeys {
  const { ports, keys, endpoint, userName } = owner;
  const call = <T>(work: () => Promise<T>) => patiently(owner, work);
  const hint = (operation: string) => `allow iam:${operation} on the user "${userName}"`;
  return {
    list: () =>
      call(() => listAccessKeys(ports, keys, endpoint, { userName, hint: hint("ListAccessKeys") })),
    create: () => call(() => createAccessKey(owner)),
    deactivate: (accessKeyId) => call(() => deactivateAccessKey(owner, accessKeyId)),
    delete: (accessKeyId) => call(() => deleteAccessKey(owner, accessKeyId)),
    lastUse: (accessKeyId) =>
      call(() =>
        lastUseOf(accessKeyId, ports, keys, endpoint, { hint: hint("GetAccessKeyLastUsed") })
      ),
  };
}

/** Again while IAM does not know a long-term key that STS knows. */
async function patiently<T>({ ports, keys }: KeyOwner, work: () => Promise<T>): Promise<T> {
  const { system: { clock }, signal } = ports;
  const end = clock.now() + patienceMs;
  while (true) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof IamRefusal)) throw error;
      const mayPass = error.refusal === "InvalidClientTokenId" && keys.sessionToken === undefined;
      if (!mayPass || clock.now() >= end) throw withMfaHint(error, keys);
      await clock.sleep(pauseMs, { signal });
    }
  }
}

/** Many policies allow these calls with MFA alone. */
function withMfaHint(error: IamRefusal, { sessionToken }: AccessKeys): IamRefusal {
  if (error.refusal !== "AccessDenied" || sessionToken !== undefined) return error;
  const hint = `${error.hint}; where its policy wants MFA, name the device with --mfa-serial`;
  return new IamRefusal(error.refusal, error.message, hint);
}
