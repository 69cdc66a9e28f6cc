/**
 * The names of the files in the cache's folder.
 *
 * @module
 */

/** What each kind is called; of an entry, the first group is its key. */
export const fileNames = {
  entry: /^([0-9a-f]{64})\.json$/,
  lock: /^[0-9a-f]{64}\.lock$/,
  refusal: /^[0-9a-f]{64}\.refused$/,
  temporary:
    /^(?:[0-9a-f]{64}\.(?:json|refused)|session\.stamp|(?:logouts|seal)\.json)\.[0-9a-f-]{36}\.tmp$/,
} as const;
