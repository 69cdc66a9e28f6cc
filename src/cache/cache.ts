/**
 * The session cache: credentials on disk, so that one MFA code serves every later command until the session token
 * expires.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import type { Environment } from "../system.ts";
import { type CacheEntry, type CacheOwner, isOfNewerVersion } from "./entry.ts";
import {
  type CacheListing,
  type CacheQuery,
  type Finding,
  isExpired,
  matchesQuery,
  nowFor,
  type Removal,
  type SessionCache,
} from "./port.ts";
import { cacheFolder } from "./cache_folder.ts";
import { LogoutFile, type LogoutFilePorts } from "./logout_file.ts";
import type { LogoutMark, LogoutScopes } from "./logouts.ts";
import { type FolderProblem, OwnerOnlyFolder, probeName } from "./owner_only_folder.ts";
import { formatRefusal, parseRefusal, type Refusal } from "./refusal.ts";
import { EntryFiles } from "./sealing/entry_files.ts";
import { CacheSeal } from "./sealing/seal.ts";
import type { CacheParts, CachePorts } from "./upkeep/parts.ts";
import { type WriterHold, Writers } from "./writers.ts";

/** Changes with each session token that took a code, so that others can wait for the next one; holds its end. */
const stampName = "session.stamp";
/** As long as an entry, so that the probe needs as much space as one. */
const probeText = " ".repeat(4_096);

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
  readonly #parts: CacheParts;
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
    this.#parts = {
      ...{ folder, ports, unseen: new Set() },
      ...{ logouts: this.#logouts, seal: this.#seal, entries: this.#entries },
    };
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

  async look(key: string, query: CacheQuery = {}, early = false): Promise<Finding> {
    const names = [`${key}.json`, `${key}.refused`];
    const missing = await this.#folder.missing(names, early);
    if (missing !== undefined) return { isVacant: true, hasNoFolder: missing === "folder" };
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
    // The disk takes the one while the other goes on.
    await Promise.all([this.#stamp(entry), this.#sweepOnce()]);
  }

  async #stamp({ operation, mfaSerial, credentials }: CacheEntry): Promise<void> {
    if (operation !== "GetSessionToken" || mfaSerial === undefined) return;
    await this.#folder.write(stampName, `${credentials.Expiration.toISOString()}\n`);
  }

  async #sweepOnce(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    const { sweep } = await import("./upkeep/sweep.ts");
    await sweep(this.#parts);
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

  /** Seals what is in the clear, or the other way round. */
  async #rewrite(sealed: boolean): Promise<void> {
    const { rewriteEntries } = await import("./upkeep/rewrite.ts");
    await rewriteEntries(this.#parts, sealed);
  }

  async list(): Promise<readonly CacheListing[]> {
    const { listEntries } = await import("./upkeep/sweep.ts");
    return await listEntries(this.#parts);
  }

  unseen(): readonly string[] {
    return [...this.#parts.unseen];
  }

  async logOut(scopes: LogoutScopes): Promise<Removal> {
    const { logOut } = await import("./upkeep/log_out.ts");
    return await logOut(this.#parts, scopes);
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
    // Whoever asks has no lock yet.
    if (!await this.#folder.isSafe(true)) return undefined;
    this.#isNew ??= !await this.#folder.exists();
    return this.#folder.pathOf(`${key}.lock`);
  }

  async tidy(key: string): Promise<void> {
    if (!this.#isNew) return;
    const lock = `${key}.lock`;
    const names = await this.#folder.names() ?? [];
    if (names.length === 1 && names[0] === lock) await this.#folder.removeWith(lock);
  }

  /** What a newer program keeps is left to it: the older one does without a cache for this call. */
  async #write(name: string, text: string): Promise<void> {
    if (isOfNewerVersion(await this.#folder.read(name))) return;
    await this.#folder.write(name, text);
  }
}
