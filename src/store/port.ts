/**
 * What the sealed store promises, and the shape of what it holds: types alone, so that code that
 * uses a store is tested with one that lives in memory.
 *
 * @module
 */

import type { RemovedLines } from "../config/file/sealed_lines.ts";

/** What a sealed file holds: long-term keys, the seed of an MFA device, or the key of a cache. */
export type SealedKind = "keys" | "mfa" | "cache";

/** Which sealed file is meant: one for each user profile and kind. */
export interface SealedName {
  readonly kind: SealedKind;
  /** The name of the user profile; empty for the key of the session cache. */
  readonly profile: string;
}

/** Sealed files, read and replaced as a whole. */
export interface SealedStore {
  /**
   * The content in the clear.
   *
   * @returns undefined where there is no such file.
   * @throws {StoreError} if the file cannot be opened: the class and the hint say why.
   */
  read(name: SealedName): Promise<string | undefined>;
  /** Seals, reads back and compares, then replaces the file as a whole (0600), under a lock. */
  write(name: SealedName, content: string): Promise<void>;
  /** Removes the file; one that does not exist is no error. */
  remove(name: SealedName): Promise<void>;
  /** The files that exist, by kind and profile; none of them is opened. */
  list(): Promise<readonly SealedName[]>;
}

/** The content of kind "keys", as JSON. */
export interface SealedKeys {
  readonly version: 1;
  /** At most one key of each state; the one in use is "current". */
  readonly keys: readonly SealedKey[];
  /** How far a rotation came; absent where there never was one, and "done" since the last one ended. */
  readonly rotation?: RotationProgress;
  /** What `keys import` took out of a file of AWS's; whoever changes the keys keeps it. */
  readonly removed?: RemovedLines;
}

/** One long-term access key. */
export interface SealedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** When IAM made it, in ISO 8601; absent where that is not known. */
  readonly created?: string;
  readonly state: "current" | "next" | "previous";
}

/** The step that a rotation has reached, and the keys (by id) that it goes between. */
export interface RotationProgress {
  readonly step: string;
  readonly from: string;
  readonly to?: string;
  /** When the step was reached, in ISO 8601. */
  readonly at: string;
  /** Step "delete": when the old key, which is deactivated, may be deleted, in ISO 8601. */
  readonly deleteAt?: string;
}

/** The content of kind "mfa", as JSON: the seed of a TOTP device (RFC 6238). */
export interface SealedSeed {
  readonly version: 1;
  /** In base32, without padding. */
  readonly secret: string;
  readonly algorithm: "SHA-1" | "SHA-256" | "SHA-512";
  readonly digits: 6 | 8;
  /** In seconds. */
  readonly period: number;
  /** The ARN of the device. */
  readonly serial?: string;
}
