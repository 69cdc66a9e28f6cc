/**
 * The session cache: credentials on disk, so that one MFA code serves every later command until the session token
 * expires.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import type { Logger } from "../logger.ts";
import type { Clock, Environment, Files } from "../system.ts";
import { type CacheEntry, type CacheOwner, isOfNewerVersion } from "./entry.ts";
import {
  type CacheListing,
  type CacheQuery,
  type CacheTime,
  expiryOf,
  type Finding,
  isExpired,
  matchesQuery,
  nowFor,
  type Removal,
  type SessionCache,
} from "./port.ts";
import { cacheFolder } from "./cache_folder.ts";
import { AnswerFolder, type AnswerPorts } from "./answers.ts";
import { LookupFolder } from "./lookups/lookup_folder.ts";
import { LogoutFile, type LogoutFilePorts } from "./logout_file.ts";
import { isInScopes, type LogoutMark, type LogoutScopes } from "./logouts.ts";
import { type FolderProblem, OwnerOnlyFolder, probeName } from "./owner_only_folder.ts";
import { formatRefusal, parseRefusal, type Refusal } from "./refusal.ts";
import { EntryFiles, isSealedEntry, type StoredEntry } from "./sealing/entry_files.ts";
import { CacheSeal, type SealingPorts } from "./sealing/seal.ts";
import { type WriterHold, Writers } from "./writers.ts";

/** The ports of the cache. */
export interface CachePorts extends CacheTime {
  readonly clock: Clock;
  readonly files: Files;
  readonly env: Environment;
  readonly logger: Logger;
  /** What seals entries and opens them; without it, a sealed entry is a miss, and nothing is added to a sealed cache. */
  readonly sealing?: SealingPorts | undefined;
}

/** No session token lives longer, so an older file is useless. */
const longestLifeMs = 36 * 3_600_000;
const temporaryAgeMs = 60_000;
const entryName = /^([0-9a-f]{64})\.json$/;
const lockName = /^[0-9a-f]{64}\.lock$/;
const refusalName = /^[0-9a-f]{64}\.refused$/;
const temporaryName =
  /^(?:[0-9a-f]{64}\.(?:json|refused)|session\.stamp|(?:logouts|seal)\.json)\.[0-9a-f-]{36}\.tmp$/;
/** Changes with each session token that took a code, so that others can wait for the next one; holds its end. */
const stampName = "session.stamp";
/** As long as an entry, so that the probe needs as much space as one. */
const probeText = " ".repeat(4_096);

/** The answers that are kept in that folder; undefined if no folder can be determined. */
export function createAnswerFolder(ports: AnswerPorts): AnswerFolder | undefined {
  const path = cacheFolder(ports.env);
  return path === undefined ? undefined : new AnswerFolder(path.replace(/(?<=.)\/+$/, ""), ports);
}

/** The cache on disk; undefined if no folder can be determined. Reads lazily. */
export function createSessionCache(ports: CachePorts): SessionCache | undefined {
  const folder = cacheFolder(ports.env);
  if (folder === undefined) return undefined;
  const path = folder.replace(/(?<=.)\/+$/, "");
  return new DiskCache(new OwnerOnlyFolder(path, 0o700, ports), ports);
}

/** The logouts of that folder; undefined if no folder can be determined. */
export function createLogoutFile(
  ports: LogoutFilePorts & { readonly env: Environment },
): LogoutFile | undefined {
  const path = cacheFolder(ports.env);
  return path === undefined
    ? undefined
    : new LogoutFile(new OwnerOnlyFolder(path, 0o700, ports), ports);
}

class DiskCache implements SessionCache {
  readonly #folder: OwnerOnlyFolder;
  readonly #ports: CachePorts;
  readonly #unseen = new Set<string>();
  readonly #logouts: LogoutFile;
  readonly #seal: CacheSeal;
  readonly #entries: EntryFiles;
  readonly #writers: Writers;
  readonly #loggedOut = new Set<string>();
  #swept = false;
  /** Whether there was no folder before the first lock. */
  #isNew: boolean | undefined;

  constructor(folder: OwnerOnlyFolder, ports: CachePorts) {
    this.#folder = folder;
    this.#ports = ports;
    this.#logouts = new LogoutFile(folder, ports);
    this.#seal = new CacheSeal(folder, ports.logger, ports.sealing);
    this.#entries = new EntryFiles(folder, ports.logger, this.#seal);
    this.#writers = new Writers(ports.clock, this.#logouts, this.#seal);
  }

  mark(): Promise<LogoutMark> {
    return this.#logouts.mark();
  }

  async get(key: string, query: CacheQuery = {}): Promise<Credentials | undefined> {
    const name = `${key}.json`;
    const stored = await this.#entries.read(name);
    if (stored === undefined) return undefined;
    const now = nowFor(stored, this.#ports);
    if (isExpired(stored, now)) await this.#folder.remove(name);
    if (!matchesQuery(stored, query, now)) return undefined;
    const entry = await this.#entries.open(name, stored);
    if (entry === undefined) return undefined;
    const { clock, onSkew } = this.#ports;
    onSkew?.(now - clock.now(), entry.credentials.StartTime.getTime());
    return entry.credentials;
  }

  async look(key: string, query: CacheQuery = {}): Promise<Finding> {
    if (await this.#folder.lacks([`${key}.json`, `${key}.refused`])) return { isVacant: true };
    const credentials = await this.get(key, query);
    const refusal = credentials === undefined ? await this.refusal(key) : undefined;
    return { credentials, refusal, isVacant: false };
  }

  async put(
    key: string,
    entry: CacheEntry,
    mark?: LogoutMark,
    isVacant = false,
  ): Promise<void> {
    const join = () => this.#writers.joinWithKey();
    const kept = await this.#unlessLoggedOut(
      entry,
      mark,
      `${key}.json`,
      join,
      async (name, hold) => {
        const isSealed = hold && hold.seal !== undefined;
        await this.#entries.write(name, entry, { isVacant, isSealed });
        if (!isVacant) await this.#folder.remove(`${key}.refused`);
      },
    );
    if (!kept) return;
    if (entry.operation === "GetSessionToken" && entry.mfaSerial !== undefined) {
      await this.#folder.write(stampName, `${entry.credentials.Expiration.toISOString()}\n`);
    }
    if (this.#swept) return;
    this.#swept = true;
    await this.#sweep();
    if (await this.#seal.isOn()) await this.#rewrite(true);
  }

  async seal(wanted: boolean): Promise<void> {
    if (wanted) {
      if (!await this.#seal.begin()) return;
      // Who is about to write in the clear has looked before: the exclusive lock comes after that.
      (await this.#logouts.lock("logout"))?.[Symbol.dispose]();
      await this.#rewrite(true);
      return;
    }
    if (await this.isSealed()) await this.#rewrite(false);
  }

  async isSealed(): Promise<boolean> {
    return await this.#seal.state() !== undefined;
  }

  async sealedBy(): Promise<string | undefined> {
    return (await this.#seal.state())?.keeper;
  }

  /** Seals what is in the clear, or the other way round. What cannot be opened is removed, which is said. */
  async #rewrite(sealed: boolean): Promise<void> {
    const found = new Map<string, CacheEntry | undefined>();
    for (const name of (await this.#names()).filter((one) => entryName.test(one))) {
      const entry = await this.#entries.read(name);
      if (entry === undefined || isSealedEntry(entry) === sealed) continue;
      found.set(name, await this.#entries.open(name, entry));
    }
    if (sealed) await new AnswerFolder(this.#folder.path, this.#ports).logOut("all", new Set());
    else await this.#seal.end();
    // No logout comes between the look at an entry and its other form.
    const lock = await this.#logouts.lock("writer");
    using _lock = lock;
    for (const [name, entry] of found) {
      if (await this.#entries.read(name) === undefined) continue;
      if (entry === undefined || !await this.#entries.write(name, entry)) {
        await this.#folder.remove(name);
      }
    }
  }

  async list(): Promise<readonly CacheListing[]> {
    const listings = await this.#sweep();
    return listings.sort((a, b) =>
      secondOf(a) - secondOf(b) || a.profile.localeCompare(b.profile, "en")
    );
  }

  unseen(): readonly string[] {
    return [...this.#unseen];
  }

  async logOut(scopes: LogoutScopes): Promise<Removal> {
    const lock = await this.#logouts.lock("logout");
    using _lock = lock;
    // First: who writes without the lock looks for it afterwards.
    await this.#logouts.add(scopes);
    await new LookupFolder(this.#folder.path, this.#ports).clear();
    const { removed, left } = scopes === "all" ? await this.#clear() : await this.#removeIn(scopes);
    return { removed, left: left + await this.#removeAnswers(scopes) };
  }

  /** The answers that were made of what is gone; returns how many could not be removed. */
  async #removeAnswers(scopes: LogoutScopes): Promise<number> {
    if (!await this.#folder.exists()) return 0;
    const entries = scopes === "all" ? [] : await this.list();
    const keys = new Set(entries.flatMap(({ credentials }) => credentials.AccessKeyId ?? []));
    return (await new AnswerFolder(this.#folder.path, this.#ports).logOut(scopes, keys)).left;
  }

  async #removeIn(scopes: LogoutScopes): Promise<Removal> {
    for (const name of await this.#folder.names() ?? []) {
      if (refusalName.test(name) && await this.#isRefusalIn(name, scopes)) {
        await this.#folder.remove(name);
      }
    }
    const found = (await this.list()).filter((entry) => isInScopes(entry, scopes));
    return await this.#removeAll(found.map(({ key }) => `${key}.json`));
  }

  async #isRefusalIn(name: string, scopes: LogoutScopes): Promise<boolean> {
    const owner = parseRefusal(await this.#folder.read(name))?.owner;
    return owner !== undefined && isInScopes(owner, scopes);
  }

  async #clear(): Promise<Removal> {
    const names = await this.#names();
    const others = [refusalName, temporaryName];
    for (const name of names) {
      if (others.some((pattern) => pattern.test(name))) await this.#folder.remove(name);
    }
    return await this.#removeAll(names.filter((name) => entryName.test(name)));
  }

  async #removeAll(names: readonly string[]): Promise<Removal> {
    let removed = 0;
    for (const name of names) {
      if (await this.#folder.remove(name)) removed++;
    }
    return { removed, left: names.length - removed };
  }

  async refusal(key: string): Promise<Refusal | undefined> {
    return parseRefusal(await this.#folder.read(`${key}.refused`));
  }

  async refuse(key: string, refusal: Refusal, mark?: LogoutMark): Promise<void> {
    const join = () => this.#writers.join();
    const write = (name: string) => this.#write(name, formatRefusal(refusal));
    await this.#unlessLoggedOut(refusal.owner, mark, `${key}.refused`, join, write);
  }

  /** Writes the file, unless what it holds began before a logout; false then, which is logged once for a profile. */
  async #unlessLoggedOut(
    owner: CacheOwner | undefined,
    mark: LogoutMark | undefined,
    name: string,
    join: () => Promise<WriterHold | undefined>,
    write: (name: string, hold: WriterHold | undefined) => Promise<void>,
  ): Promise<boolean> {
    const hold = mark === undefined ? undefined : await join();
    using _hold = hold;
    const isLoggedOut = async () =>
      mark !== undefined && owner !== undefined &&
      await (hold ?? this.#logouts).covers(mark, owner);
    if (!await isLoggedOut()) {
      await write(name, hold);
      // Without a lock, the logout may have come meanwhile.
      if (mark === undefined || hold?.isOverdue === false || !await isLoggedOut()) return true;
      await this.#folder.remove(name);
    }
    if (owner !== undefined) this.#warnOfLogout(owner);
    return false;
  }

  #warnOfLogout({ profile }: CacheOwner): void {
    if (this.#loggedOut.has(profile)) return;
    this.#loggedOut.add(profile);
    this.#ports.logger.warn(
      `cache: profile "${profile}" has been logged out: what was begun before that is kept in memory only`,
    );
  }

  keepProblem(): Promise<FolderProblem | undefined> {
    return this.#folder.writeProblem(probeName, probeText);
  }

  ensureKey(): Promise<boolean> {
    return this.#seal.ensureKey();
  }

  async lockPath(key: string): Promise<string | undefined> {
    if (!await this.#folder.isSafe()) return undefined;
    this.#isNew ??= !await this.#folder.exists();
    return this.#folder.pathOf(`${key}.lock`);
  }

  async tidy(key: string): Promise<void> {
    if (!this.#isNew) return;
    const lock = `${key}.lock`;
    const names = await this.#names();
    if (names.length === 1 && names[0] === lock) await this.#folder.removeWith(lock);
  }

  /** What a newer program keeps is left to it: the older one does without a cache for this call. */
  async #write(name: string, text: string): Promise<void> {
    if (isOfNewerVersion(await this.#folder.read(name))) return;
    await this.#folder.write(name, text);
  }

  /** Removes expired entries and leftovers of killed writers; returns the live entries. */
  async #sweep(): Promise<CacheListing[]> {
    const live: CacheListing[] = [];
    if (!await this.#folder.isSafe()) {
      this.#unseen.add(this.#folder.path);
      return live;
    }
    for (const name of await this.#names()) {
      const key = entryName.exec(name)?.[1];
      if (key === undefined) await this.#sweepOther(name);
      else {
        const entry = await this.#sweepEntry(name);
        if (entry !== undefined) live.push(listingOf(key, entry));
      }
    }
    return live;
  }

  async #names(): Promise<readonly string[]> {
    const names = await this.#folder.names();
    if (names === undefined) this.#unseen.add(this.#folder.path);
    return names ?? [];
  }

  async #sweepEntry(name: string): Promise<StoredEntry | undefined> {
    const entry = await this.#entries.read(name);
    if (entry === undefined) await this.#removeUnreadable(name);
    else if (isExpired(entry, nowFor(entry, this.#ports))) await this.#folder.remove(name);
    else return entry;
    return undefined;
  }

  /** A newer program clears away its own entries. */
  async #removeUnreadable(name: string): Promise<void> {
    const text = await this.#folder.read(name);
    if (isOfNewerVersion(text)) return;
    const isGone = await this.#removeOlder(name, longestLifeMs);
    if (text === undefined && !isGone) this.#unseen.add(this.#folder.pathOf(name));
  }

  async #sweepOther(name: string): Promise<void> {
    if (temporaryName.test(name) || refusalName.test(name)) {
      await this.#removeOlder(name, temporaryAgeMs);
    }
    // Whoever takes a lock writes to its file. One that is removed at that moment costs a second call, no more.
    if (lockName.test(name)) await this.#removeOlder(name, longestLifeMs);
  }

  async #removeOlder(name: string, ageMs: number): Promise<boolean> {
    const modified = await this.#folder.modified(name);
    if (modified === undefined || this.#ports.clock.now() - modified <= ageMs) {
      return false;
    }
    return await this.#folder.remove(name);
  }
}

function listingOf(key: string, entry: StoredEntry): CacheListing {
  if (!isSealedEntry(entry)) return { key, ...entry };
  const { sealed: _sealed, ...known } = entry;
  return { key, ...known, isSealed: true };
}

/** STS's times are whole seconds: what was issued together expires together. */
function secondOf(listing: CacheListing): number {
  return Math.floor(expiryOf(listing) / 1_000);
}
