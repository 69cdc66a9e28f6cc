/**
 * Which Deno makes the program.
 *
 * @module
 */

/**
 * The oldest Deno that compiles. Older ones cannot bundle in pieces, and the runtime that they put into the program
 * takes twice as long to start.
 */
export const oldestCompiler = "2.9.6";

/**
 * Rejects a Deno that is too old.
 *
 * @param task what it is wanted for, such as "bundle"
 * @throws {Error} that names both versions
 */
export function checkDenoVersion(found: string, task: string): void {
  if (isAtLeast(found, oldestCompiler)) return;
  throw new Error(`Cannot ${task} with Deno ${found}: wanted ${oldestCompiler} or later`);
}

/** True where a version such as "2.10.0" is another one or a later one; a version that cannot be read is not. */
export function isAtLeast(version: string, least: string): boolean {
  const [found, wanted] = [version, least].map((text) => /^(\d+)\.(\d+)\.(\d+)/.exec(text));
  if (!found || !wanted) return false;
  for (const place of [1, 2, 3]) {
    const difference = Number(found[place]) - Number(wanted[place]);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
