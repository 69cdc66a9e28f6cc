/**
 * What keeps the key of a sealed cache, loaded where a cache is sealed.
 *
 * @module
 */

import type { CacheKeyKeepers } from "../cache/sealing/port.ts";
import type { Logger } from "../logger.ts";
import type { AskPassphrase } from "../store/passphrase_port.ts";
import type { System } from "../system.ts";

/** The ports of the keepers. */
export interface CacheKeyPorts {
  /** Without randomness, a key is found and none is kept. */
  readonly system:
    & Pick<System, "clock" | "env" | "files" | "processes">
    & Partial<Pick<System, "random">>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Without it, no passphrase is asked for. */
  readonly ask?: AskPassphrase | undefined;
}

/** The same keepers, of which each is asked once: after that, no program may be run. */
export function askedOnce(keepers: CacheKeyKeepers): CacheKeyKeepers {
  const loaded = new Map<string, Promise<string | undefined>>();
  return {
    async keeper(name) {
      const found = await keepers.keeper(name);
      return {
        ...found,
        load(note) {
          const key = loaded.get(found.name + note) ?? found.load(note);
          loaded.set(found.name + note, key);
          return key;
        },
      };
    },
  };
}

/** The keepers of this machine. */
export function cacheKeys({ ask, logger, signal, system }: CacheKeyPorts): CacheKeyKeepers {
  return {
    async keeper(name) {
      const { createCacheKeyKeepers } = await import("../store/cache_key_keepers.ts");
      const takeLock = async (path: string) => {
        const { acquireLockIfAny } = await import("../cache/lock.ts");
        return await acquireLockIfAny({ ...system, logger }, path, {
          purpose: "seals the cache",
          goal: `change "${path.replace(/\.lock$/, "")}"`,
          signal,
        });
      };
      return await createCacheKeyKeepers({ ask, signal, system, takeLock }).keeper(name);
    },
  };
}
