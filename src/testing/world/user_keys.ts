/**
 * The long-term keys of the emulator's users, with what became of each. As with AWS, a change is not known everywhere at
 * once.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { Random } from "../../system.ts";
import { EmulatorError } from "../http/error.ts";
import { encodeBase32 } from "../signing/totp.ts";
import { type EmulatorUser, userArn } from "./account_state.ts";

/** How its IAM behaves. */
export interface IamSettings {
  /**
   * Milliseconds until the last of its hosts knows of a change to a key, new keys included. Until then the hosts, which
   * take turns, disagree. Default: 0.
   */
  readonly keyDelayMs: number;
  /** Milliseconds until `ListAccessKeys` and `GetAccessKeyLastUsed` show a change. Default: 0. */
  readonly listDelayMs: number;
}

/** The status of a key; a deleted one has none. */
export type KeyStatus = "Active" | "Inactive";

/** A long-term key of a user. */
export interface UserKey extends AccessKeys {
  readonly user: EmulatorUser;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** A key that is there, and how. */
export type ListedKey = UserKey & { readonly status: KeyStatus };

/** When, where and for what a key signed last. */
export interface KeyUse {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As in the scope of the signature: `sts`. */
  readonly service: string;
  readonly region: string;
}

interface KnownKey extends UserKey {
  /** Oldest first. */
  readonly changes: { readonly at: number; readonly status: KeyStatus | undefined }[];
  used?: KeyUse;
}

/** When keys were made, where the world does not say. */
export const firstDay = "2026-01-01T00:00:00Z";

/** AWS allows two for a user, active or not. */
const mostKeys = 2;
/** The hosts behind one endpoint, which take turns. */
const hostCount = 3;

/** Makes, changes and deletes keys. */
export class UserKeys {
  readonly #keys = new Map<string, KnownKey>();
  readonly #users: readonly EmulatorUser[];
  readonly #random: Random;
  readonly #settings: IamSettings;
  #calls = 0;

  /** Starts with the keys of the users, which every host knows. */
  constructor(users: readonly EmulatorUser[], random: Random, settings: IamSettings) {
    this.#users = users;
    this.#random = random;
    this.#settings = settings;
    for (const user of users) {
      const { accessKeyId, secretAccessKey, keyCreated: created, furtherKeys = [] } = user;
      for (const key of [{ accessKeyId, secretAccessKey, created }, ...furtherKeys]) {
        this.#add(user, key, Date.parse(key.created ?? firstDay), {
          at: -Infinity,
          status: "isInactive" in key && key.isInactive ? "Inactive" : "Active",
        });
      }
    }
  }

  /** The keys at the start. */
  get all(): readonly UserKey[] {
    return [...this.#keys.values()];
  }

  /** The user of that name, without its path, in an account. */
  userNamed(name: string, account: string): EmulatorUser | undefined {
    return this.#users.find((user) => user.account === account && friendlyName(user) === name);
  }

  /** The status as the host sees it whose turn it is; undefined where it knows no such key. */
  seen(accessKeyId: string, now: number): KeyStatus | undefined {
    const lag = this.#settings.keyDelayMs * (1 + this.#calls++ % hostCount) / hostCount;
    return statusAt(this.#keys.get(accessKeyId), now - lag);
  }

  /** The keys of a user as lists show them, oldest first. */
  list(user: EmulatorUser, now: number): readonly ListedKey[] {
    return this.of(user, now - this.#settings.listDelayMs);
  }

  /** The keys that a user had at a time. */
  of(user: EmulatorUser, at: number): readonly ListedKey[] {
    return this.#of(user).flatMap((key) => {
      const status = statusAt(key, at);
      return status === undefined ? [] : [{ ...key, status }];
    });
  }

  /** A key of the account as lists show it. */
  find(accessKeyId: string, account: string, now: number): UserKey & { readonly used?: KeyUse } {
    const key = this.#keys.get(accessKeyId);
    const isThere = statusAt(key, now - this.#settings.listDelayMs) !== undefined;
    if (key === undefined || !isThere || key.user.account !== account) throw noSuchKey(accessKeyId);
    return key;
  }

  /**
   * A new key.
   *
   * @throws {EmulatorError} LimitExceeded for a third one
   */
  create(user: EmulatorUser, now: number): UserKey {
    if (this.of(user, now).length >= mostKeys) {
      throw new EmulatorError(
        "LimitExceeded",
        409,
        `Cannot exceed quota for AccessKeysPerUser: ${mostKeys}`,
      );
    }
    const bytes = this.#random.bytes(40);
    const keys = {
      accessKeyId: `AKIA${encodeBase32(bytes.subarray(0, 10))}`,
      secretAccessKey: encodeBase64(bytes.subarray(10)),
    };
    // IAM gives whole seconds.
    const created = Math.floor(now / 1_000) * 1_000;
    return this.#add(user, keys, created, { at: now, status: "Active" });
  }

  /**
   * Activates, deactivates or, without a status, deletes a key.
   *
   * @throws {EmulatorError} NoSuchEntity
   */
  change(
    user: EmulatorUser,
    accessKeyId: string,
    status: KeyStatus | undefined,
    now: number,
  ): void {
    const key = this.#of(user).find((one) => one.accessKeyId === accessKeyId);
    if (key === undefined || statusAt(key, now) === undefined) throw noSuchKey(accessKeyId);
    key.changes.push({ at: now, status });
  }

  /** Notes that a key has signed a request. */
  noteUse(accessKeyId: string, use: KeyUse): void {
    const key = this.#keys.get(accessKeyId);
    if (key !== undefined) key.used = use;
  }

  #of(user: EmulatorUser): readonly KnownKey[] {
    return [...this.#keys.values()].filter((key) => userArn(key.user) === userArn(user));
  }

  #add(
    user: EmulatorUser,
    { accessKeyId, secretAccessKey }: AccessKeys,
    created: number,
    first: KnownKey["changes"][number],
  ): KnownKey {
    const key = { user, accessKeyId, secretAccessKey, created, changes: [first] };
    this.#keys.set(accessKeyId, key);
    return key;
  }
}

/** The name without its path. */
export function friendlyName({ name }: Pick<EmulatorUser, "name">): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The bytes of a key in base64. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function statusAt(key: KnownKey | undefined, at: number): KeyStatus | undefined {
  return key?.changes.findLast((change) => change.at <= at)?.status;
}

function noSuchKey(accessKeyId: string): EmulatorError {
  const message = `The Access Key with id ${accessKeyId} cannot be found.`;
  return new EmulatorError("NoSuchEntity", 404, message);
}
