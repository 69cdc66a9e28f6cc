/**
 * The access keys of the emulator: those of its world, and those that it issued.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { Random } from "../../system.ts";
import { expiredToken, invalidClientTokenId } from "../http/error.ts";
import { type EmulatorIdentity, userIdentity } from "./identity.ts";
import { encodeBase32 } from "../signing/totp.ts";
import type { EmulatorUser } from "./account_state.ts";
import { encodeBase64, type IamSettings, type UserKey, UserKeys } from "./user_keys.ts";

/** Keys and their owner. */
export interface KeyRecord {
  readonly keys: AccessKeys;
  readonly identity: EmulatorIdentity;
  /** The user that owns the keys; none for the session of a role. */
  readonly user?: EmulatorUser;
}

/** How long a session is remembered after it expires, so that it is rejected as expired and not as unknown. */
const REMEMBERED = 3_600_000;
const FIRST_SWEEP = 10_000;

/** Looks up keys, and issues new ones. */
export class KeyStore {
  readonly #records = new Map<string, KeyRecord>();
  readonly #random: Random;
  /** The long-term keys of the users. */
  readonly userKeys: UserKeys;
  #sweepAt = FIRST_SWEEP;

  /** Starts with the long-term keys of the users. */
  constructor(users: readonly EmulatorUser[], random: Random, iam: IamSettings) {
    this.#random = random;
    this.userKeys = new UserKeys(users, random, iam);
    for (const key of this.userKeys.all) this.#addUserKey(key);
  }

  /**
   * Makes another long-term key for a user.
   *
   * @throws {EmulatorError} LimitExceeded for a third one
   */
  createUserKey(user: EmulatorUser, now: number): UserKey {
    const key = this.userKeys.create(user, now);
    this.#addUserKey(key);
    return key;
  }

  /** The record of an access key id, expired or not. */
  find(accessKeyId: string): KeyRecord | undefined {
    return this.#records.get(accessKeyId);
  }

  /**
   * The record of keys that are valid now. The secret is not checked.
   *
   * @throws {EmulatorError} InvalidClientTokenId or ExpiredToken
   */
  live(accessKeyId: string, sessionToken: string | undefined, now: number): KeyRecord {
    const record = this.#records.get(accessKeyId);
    if (record === undefined || record.keys.sessionToken !== sessionToken) {
      throw invalidClientTokenId();
    }
    const isLongTerm = record.keys.sessionToken === undefined;
    if (isLongTerm && this.userKeys.seen(accessKeyId, now) !== "Active") {
      throw invalidClientTokenId();
    }
    if (now >= (record.identity.expiration ?? Infinity)) throw expiredToken();
    return record;
  }

  /** Issues temporary keys for an identity. */
  issue(
    identity: EmulatorIdentity,
    user: EmulatorUser | undefined,
    now: number,
  ): Required<AccessKeys> {
    this.#sweep(now);
    const bytes = this.#random.bytes(100);
    const keys = {
      accessKeyId: `ASIA${encodeBase32(bytes.subarray(0, 10))}`,
      secretAccessKey: encodeBase64(bytes.subarray(10, 40)),
      sessionToken: encodeBase64(bytes.subarray(40)),
    };
    const record = user === undefined ? { keys, identity } : { keys, identity, user };
    this.#records.set(keys.accessKeyId, record);
    return keys;
  }

  #addUserKey({ user, accessKeyId, secretAccessKey }: UserKey): void {
    const keys = { accessKeyId, secretAccessKey };
    this.#records.set(accessKeyId, { keys, identity: userIdentity(user), user });
  }

  /** Removes records that expired long ago, whenever their number has doubled. */
  #sweep(now: number): void {
    if (this.#records.size < this.#sweepAt) return;
    for (const [id, { identity }] of this.#records) {
      if ((identity.expiration ?? Infinity) + REMEMBERED < now) this.#records.delete(id);
    }
    this.#sweepAt = Math.max(FIRST_SWEEP, this.#records.size * 2);
  }
}
