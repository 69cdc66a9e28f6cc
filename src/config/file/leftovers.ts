/**
 * What killed processes leave beside a file that they were about to replace.
 *
 * @module
 */

import type { Files } from "../../system.ts";

/** The leftover temporary files of atomic replaces of this file. Empty if the folder cannot be listed. */
export async function leftoversOf(files: Pick<Files, "list">, path: string): Promise<string[]> {
  const [, folder = "", name = ""] = /^(.*[\\/])?([^\\/]*)$/.exec(path) ?? [];
  const names = await files.list(folder === "" ? "." : folder.slice(0, -1) || "/").catch(() => []);
  return names
    .filter((found) => found.startsWith(`${name}.`))
    .filter((found) => /^\.[0-9a-f-]{36}\.tmp$/.test(found.slice(name.length)))
    .map((found) => folder + found);
}
