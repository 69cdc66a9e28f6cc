/**
 * The folder of the lookups.
 *
 * @module
 */

import type { Logger } from "../../logger.ts";
import type { Clock, Files } from "../../system.ts";
import { OwnerOnlyFolder } from "../owner_only_folder.ts";
import { formatLookup, type Lookup, lookupFileName, lookupFolderName } from "./lookup.ts";

/** The ports of the folder. */
export interface LookupPorts {
  readonly clock: Pick<Clock, "now">;
  readonly files: Files;
  readonly logger: Logger;
}

const fileName = /^[0-9a-f]{64}\.json(?:\.[0-9a-f-]{36}\.tmp)?$/;
/** A lookup of older files is seldom used again; one that is costs the program one plan. */
const longestAgeMs = 7 * 86_400_000;

/** Keeps lookups. Any problem with a file is a warning, never an error. */
export class LookupFolder {
  readonly #folder: OwnerOnlyFolder;
  readonly #ports: LookupPorts;

  /** That of a cache folder. Nothing is read yet. */
  constructor(cacheFolder: string, ports: LookupPorts) {
    this.#folder = new OwnerOnlyFolder(`${cacheFolder}/${lookupFolderName}`, 0o700, ports);
    this.#ports = ports;
  }

  /** Whether there is one for the digest. */
  async has(digest: string): Promise<boolean> {
    return await this.#folder.modified(lookupFileName(digest)) !== undefined;
  }

  /** Keeps the lookup, and removes what is old. */
  async keep(digest: string, lookup: Lookup): Promise<void> {
    const { clock } = this.#ports;
    for (const name of await this.#names()) {
      const modified = await this.#folder.modified(name) ?? Infinity;
      if (clock.now() - modified > longestAgeMs) await this.#folder.remove(name);
    }
    await this.#folder.write(lookupFileName(digest), formatLookup(lookup));
  }

  /** Removes all of them. */
  async clear(): Promise<void> {
    for (const name of await this.#names()) await this.#folder.remove(name);
  }

  /** None of a folder that others can write to: it is not ours. */
  async #names(): Promise<readonly string[]> {
    if (!await this.#folder.isSafe()) return [];
    return (await this.#folder.names() ?? []).filter((name) => fileName.test(name));
  }
}
