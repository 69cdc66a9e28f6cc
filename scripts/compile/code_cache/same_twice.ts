/**
 * A result that does not hang on what else the machine does.
 *
 * @module
 */

/** How often it is tried at most. */
export const mostAttempts = 8;
/** What fails as often as that does not fail because of something else. */
const mostFailures = 3;

/**
 * Until two attempts have the same result. One that fails, or has none, is made again.
 *
 * @throws {Error} of the third attempt that failed, or that no two had the same result
 */
export async function sameTwice<T>(
  make: () => Promise<T | undefined>,
  agree: (one: T, other: T) => boolean,
): Promise<T> {
  const results: T[] = [];
  let failures = 0;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    try {
      const result = await make();
      if (result === undefined) continue;
      if (results.some((earlier) => agree(earlier, result))) return result;
      results.push(result);
    } catch (error) {
      if (++failures === mostFailures) throw error;
    }
  }
  throw new Error(
    `Cannot train the program: no two of ${mostAttempts} trainings had the same result`,
  );
}
