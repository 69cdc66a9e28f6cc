/**
 * The seal of a cache folder: `seal.json` says that the cache is sealed, who keeps the key, and which key it is. It holds
 * no secret. While it is there, no entry is written in the clear.
 *
 * @module
 */

import { StsavalError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Random } from "../../system.ts";
import { type CacheEntry, parseRecord } from "../entry.ts";
import type { OwnerOnlyFolder } from "../owner_only_folder.ts";
import { toBase64 } from "./base64.ts";
import {
  type CacheKey,
  keyBytes,
  openEntry,
  readKey,
  type SealedEntry,
  sealEntry,
} from "./entry.ts";
import type { CacheKeyKeepers } from "./port.ts";

/** How a cache is sealed. */
export interface SealState {
  /** The name of the keeper of the key, such as "keyctl". */
  readonly keeper: string;
  /** Names the key. */
  readonly keyId: string;
  /** What the keeper finds the key by; of no use without what the keeper has. */
  readonly note: string;
}

/** What sealing needs, beside the folder. */
export interface SealingPorts {
  readonly keepers: CacheKeyKeepers;
  /** Without it, entries are opened, and none is sealed. */
  readonly random?: Pick<Random, "bytes"> | undefined;
}

/** The name of the file. */
export const sealName = "seal.json";
const version = 1;
const nonceBytes = 12;

/** The state that the text of `seal.json` describes; undefined for anything else, and where there is no text. */
export function parseSeal(text: string | undefined): SealState | undefined {
  const { keeper, keyId, note, version: found } = parseRecord(text) ?? {};
  if (found !== version || typeof keeper !== "string" || typeof keyId !== "string") {
    return undefined;
  }
  return typeof note === "string" ? { keeper, keyId, note } : undefined;
}

/** The seal of a folder. Problems are warnings, once each: what cannot be opened is a miss, and is said. */
export class CacheSeal {
  readonly #folder: OwnerOnlyFolder;
  readonly #logger: Logger;
  readonly #ports: SealingPorts | undefined;
  readonly #warned = new Set<string>();
  /** Whether the cache was to be sealed by this process: then nothing is stored in the clear, even where that fails. */
  #isWanted = false;
  #made: Promise<CacheKey | string> | undefined;
  /** The keys by their ids, asked for once in a process, whether they can be had or not. */
  readonly #keys = new Map<string, Promise<CacheKey | string>>();

  /** Reads nothing yet. Without ports, no key can be had. */
  constructor(folder: OwnerOnlyFolder, logger: Logger, ports: SealingPorts | undefined) {
    this.#folder = folder;
    this.#logger = logger;
    this.#ports = ports;
  }

  /** How the cache is sealed now; undefined if it is not. A file that cannot be read counts as a seal whose key is gone. */
  async state(): Promise<SealState | undefined> {
    const text = await this.#folder.read(sealName);
    if (text === undefined) return undefined;
    return parseSeal(text) ?? { keeper: "", keyId: "", note: "" };
  }

  /** Whether entries have to be sealed: the cache is, as far as it is known already, or was to be. */
  async isOn(isSealed?: boolean): Promise<boolean> {
    return this.#isWanted || (isSealed ?? await this.state() !== undefined);
  }

  /** Whether its key has been asked for. */
  knows({ keyId }: SealState): boolean {
    return this.#keys.has(keyId);
  }

  /** Asks for its key, before that is needed. */
  async prepare(state: SealState): Promise<void> {
    await this.#keyOf(state, state.keyId);
  }

  /** Gets the key, and replaces one that is gone. False where it cannot be had, which is said; true where none is needed. */
  async ensureKey(): Promise<boolean> {
    const state = await this.state();
    const key = state === undefined ? undefined : await this.#keyOrNew(state);
    if (typeof key !== "string") return true;
    this.#warn(cannotSeal(key));
    return false;
  }

  /** The text of an entry's file; undefined where it cannot be sealed, which is said. */
  async textOf(name: string, entry: CacheEntry): Promise<string | undefined> {
    const state = await this.state();
    const key = state === undefined ? await this.#newKey() : await this.#keyOrNew(state);
    const random = this.#ports?.random;
    if (typeof key !== "string" && random !== undefined) {
      return await sealEntry(name, entry, key, random.bytes(nonceBytes));
    }
    this.#warn(cannotSeal(typeof key === "string" ? key : noKeepers));
    return undefined;
  }

  /** The entry in the clear; undefined where that fails, which is said. */
  async open(name: string, entry: SealedEntry): Promise<CacheEntry | undefined> {
    const key = await this.#keyOf(await this.state(), entry.sealed.keyId);
    if (typeof key === "string") {
      this.#warn(`${describeEntry(entry)} cannot be opened: ${key}; ${consequence}`);
      return undefined;
    }
    const opened = await openEntry(name, entry, key);
    if (opened !== undefined) return opened;
    const path = this.#folder.pathOf(name);
    this.#warn(`${describeEntry(entry)} cannot be opened: "${path}" was changed; ${consequence}`);
    return undefined;
  }

  /** Makes a key for the cache, unless it is sealed. True if it was not, and is now; what prevents it is said. */
  async begin(): Promise<boolean> {
    this.#isWanted = true;
    if (await this.state() !== undefined) return false;
    const key = await this.#newKey();
    if (typeof key !== "string") return true;
    this.#warn(cannotSeal(key));
    return false;
  }

  /** Removes the seal, then the key. Entries that are still sealed cannot be opened afterwards. */
  async end(): Promise<void> {
    this.#isWanted = false;
    const state = await this.state();
    if (state === undefined || !await this.#folder.remove(sealName)) return;
    try {
      await (await this.#ports?.keepers.keeper(state.keeper))?.remove();
    } catch (error) {
      this.#warn(`the key of the cache is left in ${state.keeper}: ${reasonOf(error)}`);
    }
  }

  /** A key that is gone is replaced: what it sealed is lost anyway. */
  async #keyOrNew(state: SealState): Promise<CacheKey | string> {
    const key = await this.#keyOf(state, state.keyId);
    return key === lost ? await this.#newKey(state.keeper || undefined) : key;
  }

  /** Asked for once: a person who has said no is not asked again. */
  #newKey(keeper?: string): Promise<CacheKey | string> {
    return this.#made ??= this.#makeKey(keeper);
  }

  async #makeKey(name: string | undefined): Promise<CacheKey | string> {
    const { keepers, random } = this.#ports ?? {};
    if (keepers === undefined || random === undefined) return noKeepers;
    try {
      const keeper = await keepers.keeper(name);
      const note = await keeper.store(toBase64(random.bytes(keyBytes)));
      // Another process may have stored one meanwhile: what is kept counts.
      const key = await readKey(await keeper.load(note) ?? "");
      if (key === undefined) return `${keeper.name} does not give back what it was given`;
      await this.#folder.write(sealName, formatSeal({ keeper: keeper.name, keyId: key.id, note }));
      this.#keys.set(key.id, Promise.resolve(key));
      return key;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** The key of that id, or why it cannot be had. */
  #keyOf(state: SealState | undefined, id: string): Promise<CacheKey | string> {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = state?.keyId === id ? this.#load(state) : Promise.resolve(lost);
    this.#keys.set(id, key);
    return key;
  }

  async #load({ keeper: name, keyId, note }: SealState): Promise<CacheKey | string> {
    if (this.#ports === undefined) return noKeepers;
    // A torn file names no key.
    if (keyId === "") return lost;
    try {
      const keeper = await this.#ports.keepers.keeper(name);
      const text = await keeper.load(note);
      const key = text === undefined ? undefined : await readKey(text);
      return key?.id === keyId ? key : lost;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#logger.warn(`cache: ${message}`);
  }
}

const lost = "its key is gone";
const noKeepers = "nothing that keeps its key was given to this program";
const consequence = "new ones are fetched, which may take an MFA code";

function cannotSeal(why: string): string {
  return `the cache cannot be sealed, so credentials are kept in memory only: ${why}`;
}

function describeEntry({ profile }: SealedEntry): string {
  return `the sealed credentials of profile "${profile}"`;
}

function formatSeal(state: SealState): string {
  return `${JSON.stringify({ version, ...state }, null, 2)}\n`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  const hint = error instanceof StsavalError ? error.hint : undefined;
  return hint === undefined ? message : `${message} (${hint})`;
}
