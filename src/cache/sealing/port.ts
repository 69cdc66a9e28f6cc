/**
 * Where the key of a sealed cache is kept. The cache itself knows neither keyrings nor passphrases.
 *
 * @module
 */

/** One way of keeping the key of a sealed cache, such as a keyring. */
export interface CacheKeyKeeper {
  /** Its name, such as "keyctl"; an older cache is opened by the same one again. */
  readonly name: string;
  /**
   * The key that was kept, with the note that `store` gave.
   *
   * @returns undefined where there is none any more
   * @throws {StsavalError} where it cannot be had: the message and the hint say why
   */
  load(note: string): Promise<string | undefined>;
  /**
   * Keeps the key, and gives a note that is written beside the cache: it must be of no use to others.
   *
   * @throws {StsavalError} where that fails
   */
  store(key: string): Promise<string>;
  /** Removes what is kept of the key alone, if anything is. @throws {StsavalError} where that fails */
  remove(): Promise<void>;
}

/** The ways of keeping the key of a sealed cache. */
export interface CacheKeyKeepers {
  /**
   * The keeper of that name, or the one that is right for this machine.
   *
   * @throws {StsavalError} where there is none
   */
  keeper(name?: string): Promise<CacheKeyKeeper>;
}
