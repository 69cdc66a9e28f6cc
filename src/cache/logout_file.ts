/**
 * The file of the cache folder that holds the logouts, and the lock that keeps writers and logouts apart.
 *
 * @module
 */

import { StsavalError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Clock, Files } from "../system.ts";
import type { CacheOwner } from "./entry.ts";
import { acquireLock, warnOfNoLocks } from "./lock.ts";
import {
  addLogout,
  formatLogouts,
  isLoggedOut,
  type LogoutLog,
  type LogoutMark,
  type LogoutScopes,
  parseLogouts,
} from "./logouts.ts";
import type { OwnerOnlyFolder } from "./owner_only_folder.ts";

/** The ports of the file. */
export interface LogoutFilePorts {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
}

const name = "logouts.json";
const lockName = "logouts.lock";
/** Writers and logouts take milliseconds; whoever takes longer has been stopped. */
const longestWaitMs = 10_000;

/** The logouts of a cache folder. */
export class LogoutFile {
  readonly #folder: OwnerOnlyFolder;
  readonly #ports: LogoutFilePorts;

  /** Reads nothing yet. */
  constructor(folder: OwnerOnlyFolder, ports: LogoutFilePorts) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** The logouts up to now; undefined if there was none. */
  async log(): Promise<LogoutLog | undefined> {
    return parseLogouts(await this.#folder.read(name));
  }

  /** What is known of logouts now. */
  async mark(): Promise<LogoutMark> {
    const { id, last = 0 } = await this.log() ?? {};
    return { id, last };
  }

  /** True if what began at the mark was logged out since; false for what has no mark. */
  async covers(mark: LogoutMark | undefined, owner: CacheOwner): Promise<boolean> {
    return mark !== undefined && isLoggedOut(await this.log(), mark, owner);
  }

  /** Notes a logout. */
  async add(scopes: LogoutScopes): Promise<void> {
    // No two logs of a folder begin in the same millisecond.
    const id = new Date(this.#ports.clock.now()).toISOString();
    const log = addLogout(await this.log(), scopes, id);
    await this.#folder.write(name, formatLogouts(log));
  }

  /** Keeps logouts out while a writer works, or everybody while a logout does; undefined if that cannot be had. */
  async lock(who: "writer" | "logout"): Promise<Disposable | undefined> {
    if (!await this.#folder.isSafe()) return undefined;
    const path = this.#folder.pathOf(lockName);
    try {
      return await acquireLock(this.#ports, path, {
        purpose: who === "logout" ? "logs out" : "caches credentials",
        goal: "use the cache",
        timeoutMs: longestWaitMs,
        shared: who === "writer",
      });
    } catch (error) {
      if (!(error instanceof StsavalError)) warnOfNoLocks(this.#ports, path, error);
      return undefined;
    }
  }
}
