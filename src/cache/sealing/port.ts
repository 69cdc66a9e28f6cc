/**
 * Where the key of a sealed cache is kept. The cache itself knows neither keyrings nor passphrases.
 *
 * @module
 */

/** One way of keeping the key, such as a keyring. */
export interface CacheKeyKeeper {
  /** Its name, such as "keyctl"; an older cache is opened by the same one again. */
  readonly name: string;
  /**
   * The key that was kept.
   *
   * @returns undefined where there is none any more
   * @throws {StsavalError} where it cannot be had: the message and the hint say why
   */
  load(): Promise<string | undefined>;
  /** Keeps the key in place of an older one. @throws {StsavalError} where that fails */
  store(key: string): Promise<void>;
  /** Removes the key, if there is one. @throws {StsavalError} where that fails */
  remove(): Promise<void>;
}

/** The ways of keeping the key. */
export interface CacheKeyKeepers {
  /**
   * The keeper of that name, or the one that is right for this machine.
   *
   * @throws {StsavalError} where there is none
   */
  keeper(name?: string): Promise<CacheKeyKeeper>;
}
