/**
 * The files of cached credentials, sealed or in the clear.
 *
 * @module
 */

import type { Logger } from "../../logger.ts";
import { type CacheEntry, formatEntry, isOfNewerVersion, isSealed, parseEntry } from "../entry.ts";
import type { OwnerOnlyFolder } from "../owner_only_folder.ts";
import { parseSealedEntry, type SealedEntry } from "./entry.ts";
import type { CacheSeal } from "./seal.ts";

/** An entry as it is stored. */
export type StoredEntry = CacheEntry | SealedEntry;

/** What the writer of an entry has looked at already. */
export interface KnownOfFile {
  /** True if there is no file, and no other process makes one. */
  readonly isVacant?: boolean | undefined;
  /** Whether the cache is sealed. */
  readonly isSealed?: boolean | undefined;
}

/** Whether the entry has to be opened before its keys can be used. */
export function isSealedEntry(entry: StoredEntry): entry is SealedEntry {
  return "sealed" in entry;
}

/** The entries of a folder. Any problem with a file is a warning, never an error. */
export class EntryFiles {
  readonly #folder: OwnerOnlyFolder;
  readonly #logger: Logger;
  readonly #seal: CacheSeal;

  /** Reads nothing yet. */
  constructor(folder: OwnerOnlyFolder, logger: Logger, seal: CacheSeal) {
    this.#folder = folder;
    this.#logger = logger;
    this.#seal = seal;
  }

  /** The entry as it is stored; undefined where there is none, or none that can be read. */
  async read(name: string): Promise<StoredEntry | undefined> {
    const text = await this.#folder.read(name);
    if (text === undefined) return undefined;
    const path = this.#folder.pathOf(name);
    if (isOfNewerVersion(text)) {
      this.#logger.info(`cache: "${path}" is of a newer version`);
      return undefined;
    }
    const entry = isSealed(text) ? parseSealedEntry(text) : parseEntry(text);
    if (entry === undefined) this.#folder.warn(path, "it is not a cache entry of this version");
    return entry;
  }

  /** The entry in the clear; undefined where it cannot be opened, which is said. */
  async open(name: string, entry: StoredEntry): Promise<CacheEntry | undefined> {
    return isSealedEntry(entry) ? await this.#seal.open(name, entry) : entry;
  }

  /**
   * Stores the entry, sealed where the cache is. False where it cannot be sealed, which is said, or where a newer program
   * keeps something under that name: the older one does without a cache for this call.
   */
  async write(name: string, entry: CacheEntry, known: KnownOfFile = {}): Promise<boolean> {
    if (!known.isVacant && isOfNewerVersion(await this.#folder.read(name))) return false;
    const text = await this.#seal.isOn(known.isSealed)
      ? await this.#seal.textOf(name, entry)
      : formatEntry(entry);
    if (text === undefined) return false;
    await this.#folder.write(name, text, { isNew: known.isVacant });
    return true;
  }
}
