/**
 * The folders that all files are below.
 *
 * @module
 */

/**
 * The root folder; on Windows, that of every drive. There `/` would be the root of the current drive alone, so that a
 * program that is started on another drive could not open the home folder.
 */
export function rootFolders(os: typeof Deno.build.os): readonly string[] {
  if (os !== "windows") return ["/"];
  return [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter) => `${letter}:\\`);
}
