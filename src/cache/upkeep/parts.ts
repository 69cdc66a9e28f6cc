/**
 * What a cache on disk is made of.
 *
 * @module
 */

import type { Logger } from "../../logger.ts";
import type { Clock, Environment, Files } from "../../system.ts";
import type { LogoutFile } from "../logout_file.ts";
import type { OwnerOnlyFolder } from "../owner_only_folder.ts";
import type { CacheTime } from "../port.ts";
import type { EntryFiles } from "../sealing/entry_files.ts";
import type { CacheSeal, SealingPorts } from "../sealing/seal.ts";

/** The ports of the cache. */
export interface CachePorts extends CacheTime {
  readonly clock: Clock;
  readonly files: Files;
  readonly env: Environment;
  readonly logger: Logger;
  /** What seals entries and opens them; without it, a sealed entry is a miss, and nothing is added to a sealed cache. */
  readonly sealing?: SealingPorts | undefined;
}

/** What all that goes through the whole folder works on. */
export interface CacheParts {
  readonly folder: OwnerOnlyFolder;
  readonly ports: CachePorts;
  readonly logouts: LogoutFile;
  readonly seal: CacheSeal;
  readonly entries: EntryFiles;
  /** What could not be looked at. */
  readonly unseen: Set<string>;
}
