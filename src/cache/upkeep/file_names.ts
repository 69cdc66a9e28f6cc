/**
 * Which files of the cache's folder are entries, locks, refusals and leftovers, by their names.
 *
 * @module
 */

/** What each kind is called; of an entry, the first group is its key. */
export const fileNames = {
  entry: /^([0-9a-f]{64})\.json$/,
  lock: /^[0-9a-f]{64}\.lock$/,
  refusal: /^[0-9a-f]{64}\.refused$/,
  temporary:
    /^(?:[0-9a-f]{64}\.(?:json|refused|lock)|session\.stamp|(?:logouts|seal)\.json)\.[0-9a-f-]{36}\.tmp$/,
} as const;
