/**
 * Seals the entries that are cached already, or puts them back into the clear.
 *
 * @module
 */

import { AnswerFolder } from "../answers.ts";
import type { CacheEntry } from "../entry.ts";
import { isSealedEntry } from "../sealing/entry_files.ts";
import { fileNames } from "./file_names.ts";
import type { CacheParts } from "./parts.ts";
import { namesIn } from "./sweep.ts";

/** Gives all entries the other form. What cannot be opened is removed, which is said. */
export async function rewriteEntries(parts: CacheParts, sealed: boolean): Promise<void> {
  const { entries, folder, logouts, ports, seal } = parts;
  const found = new Map<string, CacheEntry | undefined>();
  for (const name of (await namesIn(parts)).filter((one) => fileNames.entry.test(one))) {
    const entry = await entries.read(name);
    if (entry === undefined || isSealedEntry(entry) === sealed) continue;
    found.set(name, await entries.open(name, entry));
  }
  if (sealed) await new AnswerFolder(folder.path, ports).logOut("all", new Set());
  else await seal.end();
  // No logout comes between the look at an entry and its other form.
  const lock = await logouts.lock("writer");
  using _lock = lock;
  for (const [name, entry] of found) {
    if (await entries.read(name) === undefined) continue;
    if (entry === undefined || !await entries.write(name, entry)) await folder.remove(name);
  }
}
