/**
 * What is in the cache's folder: the live entries, and what is left over, which is removed.
 *
 * @module
 */

import type { CacheParts } from "./parts.ts";
import { isOfNewerVersion } from "../entry.ts";
import { fileNames } from "./file_names.ts";
import { type CacheListing, expiryOf, isExpired, nowFor } from "../port.ts";
import { isSealedEntry, type StoredEntry } from "../sealing/entry_files.ts";

/** No session token lives longer, so an older file is useless. */
const longestLifeMs = 36 * 3_600_000;
const temporaryAgeMs = 60_000;

/** All live entries, by expiration; the rest is removed. */
export async function listEntries(parts: CacheParts): Promise<readonly CacheListing[]> {
  const listings = await sweep(parts);
  return listings.sort((a, b) =>
    secondOf(a) - secondOf(b) || a.profile.localeCompare(b.profile, "en")
  );
}

/** Removes expired entries and leftovers of killed writers; returns the live entries. */
export async function sweep(parts: CacheParts): Promise<CacheListing[]> {
  const live: CacheListing[] = [];
  if (!await parts.folder.isSafe()) {
    parts.unseen.add(parts.folder.path);
    return live;
  }
  for (const name of await namesIn(parts)) {
    const key = fileNames.entry.exec(name)?.[1];
    if (key === undefined) await sweepOther(parts, name);
    else {
      const entry = await sweepEntry(parts, name);
      if (entry !== undefined) live.push(listingOf(key, entry));
    }
  }
  return live;
}

/** The names in the folder; none where it cannot be read, which is noted. */
export async function namesIn({ folder, unseen }: CacheParts): Promise<readonly string[]> {
  const names = await folder.names();
  if (names === undefined) unseen.add(folder.path);
  return names ?? [];
}

async function sweepEntry(parts: CacheParts, name: string): Promise<StoredEntry | undefined> {
  const entry = await parts.entries.read(name);
  if (entry === undefined) await removeUnreadable(parts, name);
  else if (isExpired(entry, nowFor(entry, parts.ports))) await parts.folder.remove(name);
  else return entry;
  return undefined;
}

/** A newer program clears away its own entries. */
async function removeUnreadable(parts: CacheParts, name: string): Promise<void> {
  const { folder, unseen } = parts;
  const text = await folder.read(name);
  if (isOfNewerVersion(text)) return;
  const isGone = await removeOlder(parts, name, longestLifeMs);
  if (text === undefined && !isGone) unseen.add(folder.pathOf(name));
}

async function sweepOther(parts: CacheParts, name: string): Promise<void> {
  if (fileNames.temporary.test(name) || fileNames.refusal.test(name)) {
    await removeOlder(parts, name, temporaryAgeMs);
  }
  // Whoever takes a lock writes to its file. One that is removed at that moment costs a second call, no more.
  if (fileNames.lock.test(name)) await removeOlder(parts, name, longestLifeMs);
}

async function removeOlder(
  { folder, ports: { clock } }: CacheParts,
  name: string,
  ageMs: number,
): Promise<boolean> {
  const modified = await folder.modified(name);
  if (modified === undefined || clock.now() - modified <= ageMs) return false;
  return await folder.remove(name);
}

function listingOf(key: string, entry: StoredEntry): CacheListing {
  if (!isSealedEntry(entry)) return { key, ...entry };
  const { sealed: _sealed, ...known } = entry;
  return { key, ...known, isSealed: true };
}

/** STS's times are whole seconds: what was issued together expires together. */
function secondOf(listing: CacheListing): number {
  return Math.floor(expiryOf(listing) / 1_000);
}
